"""A run as the components want it that show it live."""

from collections.abc import Callable, Sequence
from typing import Any

from lib.config import RunConfig
from lib.datasets import Dataset, DatasetUnavailable, load_dataset
from lib.runs import Run
from lib.runs.driver import strip_of
from lib.training import guessing_loss
from lib.ui.net.answers import png_base64
from lib.ui.setup import session
from lib.ui.words.field import LOSS_TITLES, classes_of


def watched(run: Run) -> dict[str, Any]:
    """What `run_monitor` and `first_run` are told of a run; all that moves comes from its stream."""
    return {
        "id": session.stream_id(run),
        "name": run.name,
        "state": run.state,
        "epochs": run.config.train.epochs,
        **_known(run.config),
        "pictures": _strip(lambda: run.pictures),
        "reads": _reads(run),
        "leads": ["classify", "diagnose", "look_inside"] if run.has_weights else ["diagnose"],
    }


def awaited(config: RunConfig, tiles: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """What `run_monitor` is told while there is no run: what one would be asked, and what it would set out from.

    tiles: what each of the five is called then, and what stands in it
    """
    return {
        "id": None,
        "state": "none",
        "epochs": 5 if config.train.time_budget else config.train.epochs,
        **_known(config),
        "pictures": _strip(lambda: load_dataset(**config.data.model_dump())),
        "before": [{"name": name, "value": value} for name, value in tiles],
    }


def _known(config: RunConfig) -> dict[str, Any]:
    """What a set-up tells of each of its runs."""
    info = session.dataset_info(config.data.name)
    classes = len(info.classes)
    return {
        "classes": list(classes_of(info)),
        "guess_accuracy": 1 / classes,
        "guess_loss": guessing_loss(classes, config.train.loss),
        "loss_name": LOSS_TITLES[config.train.loss],
        "valid_name": "validation" if config.data.valid_fraction else "test",
        "schedule": config.train.schedule,
    }


def _reads(run: Run) -> float | None:
    """The share of the test pictures that it read when it came to its end."""
    told = run.test_numbers if run.state == "finished" else None
    return None if told is None else told["accuracy"]


def _strip(pictures: Callable[[], Dataset]) -> list[dict[str, Any]]:
    try:
        data = pictures()
    except (DatasetUnavailable, ValueError):
        return []  # the curves can be shown without pictures; what is wrong is said where the data are chosen
    test = data.test
    places = strip_of(data)
    labels = test.labels[places].tolist()
    return [{"png": png_base64(each), "label": label} for each, label in zip(test.pixels(places), labels, strict=True)]
