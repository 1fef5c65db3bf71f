"""A run small enough for a tile or a projector: its accuracy over the run, in whole per cent."""

from typing import Any

from lib.datasets.catalogue import info
from lib.optimizers import OPTIMIZERS
from lib.runs import Run

Curve = list[list[int]]


def curve_of(run: Run, most: int = 60) -> Curve:
    """Training accuracy in whole per cent, over the run from 0 to 100; no more points than there is room for."""
    points = run.log.points
    count = len(points)
    step = max(1, -(-count // most))
    kept = points[::step]
    kept += points[-1:] if count and kept[-1] is not points[-1] else []
    length = max(run.config.train.epochs, points[-1][0] or 0) if count else 1
    return [[round(100 * (x or 0) / length), round(100 * y)] for x, _, y in kept if y is not None]


def checked_curve_of(run: Run) -> Curve:
    """The same of the validation pictures, a point an epoch."""
    epochs = run.log.epochs
    length = max(run.config.train.epochs, epochs[-1]["epoch"]) if epochs else 1
    seen = [(each["epoch"], each["valid_accuracy"]) for each in epochs]
    return [[round(100 * at / length), round(100 * share)] for at, share in seen if share is not None]


def guess_of(run: Run) -> int:
    """What guessing reaches, in whole per cent."""
    return round(100 / len(info(run.config.data.name).classes))


def described(run: Run) -> dict[str, Any]:
    """A run as others may see it: what it is and how it does, without its name and its owner's."""
    status, train = run.status(), run.config.train
    layers = [layer.token() for layer in run.config.model.layers]
    return {
        "state": run.state,
        "epoch": status["epoch"],
        "epochs": status["epochs"],
        "accuracy": run.log.last_valid_accuracy(),
        "curve": curve_of(run, 200),
        "checked": checked_curve_of(run),
        "guess": guess_of(run),
        "data": info(run.config.data.name).title,
        "layers": "-".join(layers) or "none",
        "optimizer": OPTIMIZERS[train.optimizer].title,
        "rate": train.learning_rate,
        "batch": train.batch_size,
    }
