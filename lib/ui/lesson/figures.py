"""The numbers that a lesson's texts quote, written as people read them in each language."""

import math
from collections.abc import Mapping

import torch

from lib.config import RunConfig
from lib.datasets import DatasetUnavailable
from lib.datasets.loaded import whole
from lib.models import ShapeError, summarize
from lib.training.batches import steps_per_epoch
from lib.ui.setup import session
from lib.ui.setup.sizes import split_sizes
from lib.ui.words import number, say, text

_SHARES = frozenset({"accuracy", "other_accuracy", "start_accuracy", "guess"})
_COUNTS = frozenset(
    {"pictures", "classes", "batch", "iterations", "parameters", "epochs", "rises", "steps", "per_class"}
)


def written(name: str, value: float) -> str:
    """One number as its name asks for: a share in per cent, a count with separators, a loss with three figures."""
    if not math.isfinite(value):
        return say("lesson.no_number")
    if name in _SHARES:
        return say("lesson.as_percent", value=value * 100)
    if name in _COUNTS:
        return say("lesson.as_count", value=round(value))
    if name == "rate":
        return text.rate(value).replace(".", number(0.5, ".1f")[1])
    return say("lesson.as_figure" if abs(value) >= 0.01 or value == 0 else "lesson.as_small", value=value)


def all_written(numbers: Mapping[str, float]) -> dict[str, str]:
    """Every number written, by its name."""
    return {name: written(name, value) for name, value in numbers.items()}


def of_setup(config: RunConfig) -> dict[str, float]:
    """The numbers of a set-up that texts may quote, but for the name of its pictures."""
    info = session.dataset_info(config.data.name)
    pictures, _ = split_sizes(config, info)
    try:
        parameters = summarize(config.model, info.input_shape, len(info.classes)).parameters
    except ShapeError:
        parameters = 0
    return {
        "pictures": pictures,
        "batch": config.train.batch_size,
        "iterations": steps_per_epoch(pictures, config.train.batch_size),
        "parameters": parameters,
        "rate": config.train.learning_rate,
        "epochs": config.train.epochs,
    } | of_data(config.data.name)


def of_data(name: str) -> dict[str, float]:
    """What is known of a data set."""
    classes = len(session.dataset_info(name).classes)
    return {"classes": classes, "guess": 1 / classes}


def per_class(name: str) -> float | None:
    """Training pictures of a class, counted, nothing held out; the mean where classes differ; None if not here."""
    try:
        counts = torch.bincount(whole(name).train_labels)
    except DatasetUnavailable:
        return None
    return float(counts.double().mean())
