"""Rules on training beside validation: over-fitting, surer but not better (X8), and stopped too early."""

from math import sqrt
from typing import Literal

from lib.doctor.curve_rules import NO_CURVE
from lib.doctor.findings import Checked, Finding, Line, Lines, Rule
from lib.doctor.measurements import Epoch, Measurements
from lib.doctor.remedies import first, less_by_heart, more_epochs, stop_at
from lib.doctor.thresholds import (
    ACCURACY_HELD,
    AFTER_LOWEST,
    GAP,
    GAP_ERRORS,
    LEARNED_LITTLE,
    LOSS_ROSE,
    STILL_FALLING,
)
from lib.experiments import words


def _gap(m: Measurements) -> Checked:
    if not m.whole:
        return _no_epoch(m)
    last = m.whole[-1]
    train, valid = _accuracies(last)
    limit = _largest_gap(m, valid)
    measured = f"{words.percent(train)} in training, {words.percent(valid)} in validation"
    if train - valid < limit:
        return Checked(measured)
    sentence = (
        f"The net is right on {words.percent(train)} of the pictures it trains on, and on {words.percent(valid)} of "
        f"those it does not: {words.points(train - valid)} were learned by heart."
    )
    return Checked(measured, Finding(sentence, both_curves(m, "accuracy"), less_by_heart(m.config)))


def _largest_gap(m: Measurements, valid: float) -> float:
    errors = sqrt(valid * (1 - valid) / m.valid_pictures) if m.valid_pictures else 0.0
    return max(GAP.value, GAP_ERRORS.value * errors)


def _surer(m: Measurements) -> Checked:
    whole = m.whole
    if not whole:
        return _no_epoch(m)
    best = min(whole, key=lambda epoch: _losses(epoch)[1])
    last = whole[-1]
    (_, lowest), (_, loss) = _losses(best), _losses(last)
    (_, then), (_, now) = _accuracies(best), _accuracies(last)
    measured = f"validation loss {words.loss(loss)}, at its lowest {words.loss(lowest)} in epoch {best.number}"
    since = [epoch for epoch in whole if epoch.number > best.number]
    latest = since[-int(AFTER_LOWEST.value) :]
    rose = all(_losses(epoch)[1] >= (1 + LOSS_ROSE.value) * lowest for epoch in latest)
    learned = lowest < LEARNED_LITTLE.value * m.guess
    if len(since) < AFTER_LOWEST.value or not rose or not learned or now < then - ACCURACY_HELD.value:
        return Checked(measured)
    more = "not" if now >= then else "hardly"
    sentence = (
        f"Since epoch {best.number} the validation loss has risen from {words.loss(lowest)} to {words.loss(loss)}, "
        f"while the accuracy went from {words.percent(then)} to {words.percent(now)}: the net is {more} wrong more "
        "often, it is surer when it is wrong."
    )
    mark = (float(best.number), "lowest loss")
    charts = (both_curves(m, "loss", mark), both_curves(m, "accuracy", mark))
    return Checked(measured, Finding(sentence, charts, first(lambda: stop_at(m.config, best.number))))


def _early(m: Measurements) -> Checked:
    if m.config.train.schedule != "constant":
        return Checked(unknown="its learning rate fell to the end, so the last epochs say nothing about further ones")
    if m.curve is None:
        return Checked(unknown=NO_CURVE)
    if not m.ended:
        return Checked(unknown="it is still training")
    if len(m.whole) < 2:
        return Checked(unknown="there are no two whole epochs to compare")
    before, last = m.whole[-2:]
    falls = [1 - after / earlier for earlier, after in zip(_losses(before), _losses(last), strict=True) if earlier]
    least = min(falls, default=0.0)
    measured = f"the last epoch took {100 * max(least, 0.0):.0f} % off the losses"
    if least < STILL_FALLING.value:
        return Checked(measured)
    sentence = (
        f"It stopped while it was still learning: the last epoch took {100 * falls[0]:.0f} % off the training loss and "
        f"{100 * falls[-1]:.0f} % off the validation loss."
    )
    return Checked(measured, Finding(sentence, both_curves(m, "loss"), first(lambda: more_epochs(m.config))))


def _no_epoch(m: Measurements) -> Checked:
    return Checked(unknown="no epoch is whole yet" if m.curve else NO_CURVE)


def _losses(epoch: Epoch) -> tuple[float, float]:
    assert epoch.train_loss is not None
    assert epoch.valid_loss is not None
    return epoch.train_loss, epoch.valid_loss


def _accuracies(epoch: Epoch) -> tuple[float, float]:
    assert epoch.train_accuracy is not None
    assert epoch.valid_accuracy is not None
    return epoch.train_accuracy, epoch.valid_accuracy


def both_curves(m: Measurements, of: Literal["loss", "accuracy"], mark: tuple[float, str] | None = None) -> Lines:
    """Training and validation, epoch by epoch."""
    is_loss = of == "loss"
    values = [(epoch.number, *(_losses if is_loss else _accuracies)(epoch)) for epoch in m.whole]
    start = [(float(e.number), e.valid_loss if is_loss else e.valid_accuracy) for e in m.epochs if e.number == 0]
    training = tuple((float(number), train) for number, train, _ in values)
    validation = (*start, *((float(number), valid) for number, _, valid in values))
    level = ("guessing", m.guess if is_loss else 1 / len(m.classes))
    lines = (Line("training", "training", training), Line("validation", "validation", validation))
    return Lines("Loss" if is_loss else "Accuracy", "loss" if is_loss else "accuracy", lines, level, mark)


RULES = (
    Rule(
        "gap",
        "Over-fitting",
        f"After the last whole epoch the training accuracy is {GAP.value * 100:.0f} points or more above the "
        f"validation accuracy, and {GAP_ERRORS.value:.0f} standard errors of it or more.",
        GAP.why + " " + GAP_ERRORS.why,
        _gap,
    ),
    Rule(
        "surer",
        "Surer, not better",
        f"In each of the last {AFTER_LOWEST.value:.0f} epochs the validation loss is {LOSS_ROSE.share} or more "
        f"above its lowest value (which is below {LEARNED_LITTLE.share} of guessing), and the accuracy is at most "
        f"{ACCURACY_HELD.value * 100:.0f} point below what it was then.",
        f"{LOSS_ROSE.why} {AFTER_LOWEST.why} {ACCURACY_HELD.why}",
        _surer,
    ),
    Rule(
        "early",
        "Stopped while still learning",
        f"At a constant learning rate, the last epoch took {STILL_FALLING.share} or more off the training loss and "
        "off the validation loss.",
        STILL_FALLING.why,
        _early,
    ),
)
