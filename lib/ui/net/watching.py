"""A run as the components want it that show it live."""

from typing import Any

from lib.datasets import DatasetUnavailable
from lib.runs import Run
from lib.runs.driver import strip_of
from lib.training import guessing_loss
from lib.ui.net.answers import png_base64
from lib.ui.setup import session
from lib.ui.words.field import classes_of


def watched(run: Run) -> dict[str, Any]:
    """What `run_monitor` and `first_run` are told of a run; all that moves comes from its stream."""
    info = session.dataset_info(run.config.data.name)
    classes = len(info.classes)
    return {
        "id": session.stream_id(run),
        "name": run.name,
        "state": run.state,
        "epochs": run.config.train.epochs,
        "classes": list(classes_of(info)),
        "guess_accuracy": 1 / classes,
        "guess_loss": guessing_loss(classes, run.config.train.loss),
        "loss_name": run.config.train.loss,
        "valid_name": "validation" if run.config.data.valid_fraction else "test",
        "schedule": run.config.train.schedule,
        "pictures": _strip(run),
        "reads": _reads(run),
        "leads": ["classify", "diagnose", "look_inside"] if run.has_weights else ["diagnose"],
    }


def _reads(run: Run) -> float | None:
    """The share of the test pictures that it read when it came to its end."""
    told = run.test_numbers if run.state == "finished" else None
    return None if told is None else told["accuracy"]


def _strip(run: Run) -> list[dict[str, Any]]:
    try:
        data = run.pictures
    except DatasetUnavailable:
        return []  # the curves can be shown without pictures
    test = data.test
    places = strip_of(data)
    labels = test.labels[places].tolist()
    return [{"png": png_base64(each), "label": label} for each, label in zip(test.pixels(places), labels, strict=True)]
