"""Charts that several rules show, and why a run cannot be judged by its curve yet."""

from collections.abc import Sequence
from math import isfinite
from typing import Literal

from lib.activations import ACTIVATIONS
from lib.doctor import words
from lib.doctor.findings import Bar, Bars, Checked, Line, Lines
from lib.doctor.measurements import Epoch, LayerState, LayerWeights, Measurements
from lib.doctor.thresholds import LEAST_POINTS, LEAST_STEPS
from lib.experiments.measured import Curve

NO_CURVE = "no curve was kept of its training"
THAT_SATURATE = " or ".join(kind.said for kind in ACTIVATIONS.values() if kind.saturates)  # sigmoid or tanh
THAT_FALL_SILENT = " or ".join(kind.said for kind in ACTIVATIONS.values() if kind.can_be_silent)  # ReLU
JUDGED_FROM = f"It is judged from {LEAST_STEPS.value:.0f} iterations and {LEAST_POINTS.value:.0f} points on"


def judgeable(m: Measurements) -> Curve | Checked:
    """The curve, or why it says nothing yet."""
    if m.curve is None:
        return Checked(unknown=NO_CURVE)
    if m.curve.diverged:
        return Checked(unknown="the loss is no number any more")
    if m.steps < LEAST_STEPS.value or len(m.curve.points) < LEAST_POINTS.value:
        return Checked(unknown=f"{m.steps:,} iterations are too few to judge by")
    return m.curve


def no_look(m: Measurements) -> str:
    """Why nobody could look into the net."""
    if m.finite is False:
        return "the weights are no longer numbers"
    return "the weights of this run were not kept" if m.finite is None else "its pictures are not on this machine"


def weights_of(m: Measurements) -> tuple[LayerWeights, ...]:
    """What was found in the weights; empty where nobody could look."""
    return m.looked.weights if m.looked else ()


def training_loss(m: Measurements, mark: tuple[float, str] | None = None) -> Lines:
    """The training loss from before the first step on."""
    points = ((0.0, m.curve.start), *m.curve.points) if m.curve else ()
    shown = tuple((at, loss if isfinite(loss) else None) for at, loss in points)
    return Lines("Training loss", "loss", (Line("training", "training", shown),), ("guessing", m.guess), mark)


def both_curves(m: Measurements, of: Literal["loss", "accuracy"], mark: tuple[float, str] | None = None) -> Lines:
    """Training and validation, epoch by epoch."""
    is_loss = of == "loss"
    values = [(epoch.number, *(losses if is_loss else accuracies)(epoch)) for epoch in m.whole]
    start = [(float(e.number), e.valid_loss if is_loss else e.valid_accuracy) for e in m.epochs if e.number == 0]
    training = tuple((float(number), train) for number, train, _ in values)
    validation = (*start, *((float(number), valid) for number, _, valid in values))
    level = ("guessing", m.guess if is_loss else 1 / len(m.classes))
    lines = (Line("training", "training", training), Line("validation", "validation", validation))
    return Lines("Loss" if is_loss else "Accuracy", "loss" if is_loss else "accuracy", lines, level, mark)


def losses(epoch: Epoch) -> tuple[float, float]:
    """Training and validation loss of a whole epoch."""
    assert epoch.train_loss is not None
    assert epoch.valid_loss is not None
    return epoch.train_loss, epoch.valid_loss


def accuracies(epoch: Epoch) -> tuple[float, float]:
    """Training and validation accuracy of a whole epoch."""
    assert epoch.train_accuracy is not None
    assert epoch.valid_accuracy is not None
    return epoch.train_accuracy, epoch.valid_accuracy


def shares(title: str, layers: Sequence[LayerState], values: Sequence[float], level: float) -> Bars:
    """A share of each layer, with the line from which it is conspicuous."""
    rows = tuple(
        Bar(layer.name, share, words.percent(share), marked=share >= level)
        for layer, share in zip(layers, values, strict=True)
    )
    return Bars(title, rows, 1.0, (f"conspicuous from {100 * level:.0f} %", level))
