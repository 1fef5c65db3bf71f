"""Charts that several rules show, and why a run cannot be judged by its curve yet."""

from collections.abc import Iterable, Sequence
from math import isfinite
from typing import Literal

from lib.activations import ACTIVATIONS
from lib.doctor.findings import Bar, Bars, Checked, Line, Lines
from lib.doctor.measurements import Epoch, LayerState, LayerWeights, Measurements
from lib.doctor.thresholds import LEAST_POINTS, LEAST_STEPS
from lib.experiments.measured import Curve
from lib.telling import Told, several, told

NO_CURVE = told("doctor.no_curve")
NO_EPOCH = told("doctor.no_epoch")
JUDGED_FROM = told("doctor.judged_from", steps=LEAST_STEPS.value, points=LEAST_POINTS.value)


def activations(names: Iterable[str], how: str = "or") -> Told:
    """Activations by what they are called, each once: "sigmoid or tanh"."""
    return several([told("told.activation", name=name) for name in sorted(set(names))], how)


THAT_SATURATE = activations(name for name, kind in ACTIVATIONS.items() if kind.saturates)  # sigmoid or tanh
THAT_FALL_SILENT = activations(name for name, kind in ACTIVATIONS.items() if kind.can_be_silent)  # ReLU


def judgeable(m: Measurements) -> Curve | Checked:
    """The curve, or why it says nothing yet."""
    if m.curve is None:
        return Checked(unknown=NO_CURVE)
    if m.curve.diverged:
        return Checked(unknown=told("doctor.no_number"))
    if m.steps < LEAST_STEPS.value or len(m.curve.points) < LEAST_POINTS.value:
        return Checked(unknown=told("doctor.too_few", count=m.steps))
    return m.curve


def no_look(m: Measurements) -> Told:
    """Why nobody could look into the net."""
    if m.finite is False:
        return told("doctor.weights_no_numbers")
    return told("doctor.weights_not_kept" if m.finite is None else "doctor.pictures_not_here")


def weights_of(m: Measurements) -> tuple[LayerWeights, ...]:
    """What was found in the weights; empty where nobody could look."""
    return m.looked.weights if m.looked else ()


def training_loss(m: Measurements, mark: tuple[float, Told] | None = None) -> Lines:
    """The training loss from before the first step on."""
    points = ((0.0, m.curve.start), *m.curve.points) if m.curve else ()
    shown = tuple((at, loss if isfinite(loss) else None) for at, loss in points)
    title, guessing = told("doctor.chart_training_loss"), told("field.guessing")
    return Lines(title, "loss", (Line("training", shown),), (guessing, m.guess), mark)


def both_curves(m: Measurements, of: Literal["loss", "accuracy"], mark: tuple[float, Told] | None = None) -> Lines:
    """Training and validation, epoch by epoch."""
    is_loss = of == "loss"
    values = [(epoch.number, *(losses if is_loss else accuracies)(epoch)) for epoch in m.whole]
    start = [(float(e.number), e.valid_loss if is_loss else e.valid_accuracy) for e in m.epochs if e.number == 0]
    training = tuple((float(number), train) for number, train, _ in values)
    validation = (*start, *((float(number), valid) for number, _, valid in values))
    level = (told("field.guessing"), m.guess if is_loss else 1 / len(m.classes))
    lines = (Line("training", training), Line("validation", validation))
    return Lines(told(f"doctor.chart_{of}"), of, lines, level, mark)


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


def shares(title: Told, layers: Sequence[LayerState], values: Sequence[float], level: float) -> Bars:
    """A share of each layer, with the line from which it is conspicuous."""
    rows = tuple(
        Bar(layer.name, share, told("told.percent", share=share), marked=share >= level)
        for layer, share in zip(layers, values, strict=True)
    )
    return Bars(title, rows, 1.0, (told("doctor.conspicuous_from", share=level), level))
