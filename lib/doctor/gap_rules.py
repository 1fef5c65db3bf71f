"""Rules on training beside validation: over-fitting, surer but not better (X8), and stopped too early."""

from math import sqrt
from statistics import median

from lib.doctor import words
from lib.doctor.evidence import NO_CURVE, accuracies, both_curves, losses
from lib.doctor.findings import Checked, Finding, Rule
from lib.doctor.measurements import Measurements
from lib.doctor.remedies import first, less_by_heart, more_epochs, stop_at
from lib.doctor.thresholds import (
    ACCURACY_HELD,
    AFTER_LOWEST,
    GAP,
    GAP_ERRORS,
    LEARNED_LITTLE,
    LOSS_ERRORS,
    LOSS_ROSE,
    ROOM,
    STILL_FALLING,
    THIN_CLASS,
)


def _gap(m: Measurements) -> Checked:
    if not m.whole:
        return _no_epoch(m)
    train, valid = accuracies(m.whole[-1])
    fed = _found_of_fed_classes(m)
    share, pictures = (valid, m.valid_pictures) if fed is None else fed
    shown = f"{round(share * pictures):,} of {pictures:,}" if pictures else words.percent(share)
    of = "" if fed is None else " of the classes that had enough"
    measured = f"{words.percent(train)} in training, {shown}{of} in validation"
    if train - share < GAP.value:
        return Checked(measured)
    if train - share < GAP_ERRORS.value * _error(share, pictures):
        return Checked(f"{measured}, that can be chance")
    sentence = (
        f"The net is right on {words.percent(train)} of the pictures it trains on, and on {shown}{of} "
        f"({words.percent(share)}) that it does not: {words.points(train - share)} were learned by heart."
    )
    return Checked(measured, Finding(sentence, both_curves(m, "accuracy"), less_by_heart(m.config)))


def _error(share: float, pictures: int | None) -> float:
    return sqrt(share * (1 - share) / pictures) if pictures else 0.0


def _found_of_fed_classes(m: Measurements) -> tuple[float, int] | None:
    """Where some classes had too few pictures: what was found of the others, so that hunger is not called by heart."""
    if m.counts is None or m.looked is None:
        return None
    middle = median(m.counts)
    fed = [count >= THIN_CLASS.value * middle for count in m.counts]
    recalls = [r for r, is_fed in zip(m.looked.recalls, fed, strict=True) if is_fed and r is not None]
    if all(fed) or not recalls:
        return None
    return sum(recalls) / len(recalls), round(m.looked.pictures * len(recalls) / len(m.counts))


def _surer(m: Measurements) -> Checked:
    whole = m.whole
    if not whole:
        return _no_epoch(m)
    best = min(whole, key=lambda epoch: losses(epoch)[1])
    last = whole[-1]
    (_, lowest), (_, loss) = losses(best), losses(last)
    (_, then), (_, now) = accuracies(best), accuracies(last)
    measured = f"validation loss {words.loss(loss)}, at its lowest {words.loss(lowest)} in epoch {best.number}"
    since = [epoch for epoch in whole if epoch.number > best.number]
    latest = since[-int(AFTER_LOWEST.value) :]
    rise = max(LOSS_ROSE.value, LOSS_ERRORS.value / sqrt(m.valid_pictures or 1e9))
    rose = all(losses(epoch)[1] >= (1 + rise) * lowest for epoch in latest)
    learned = lowest < LEARNED_LITTLE.value * m.guess
    if (
        len(since) < AFTER_LOWEST.value
        or not rose
        or not learned
        or now < then - max(ACCURACY_HELD.value, 2 * _error(then, m.valid_pictures))
    ):
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
    if m.curve is None:
        return Checked(unknown=NO_CURVE)
    if not m.ended:
        return Checked(unknown="it is still training")
    if not m.whole:
        return Checked(unknown="no epoch is whole yet")
    (train, valid), count = losses(m.whole[-1]), len(m.whole)
    if count == 1:
        return _one_epoch(m)
    if m.config.train.schedule != "constant":
        return Checked(unknown="its learning rate fell to the end, so the last epochs say nothing about further ones")
    before, after = losses(m.whole[-2]), (train, valid)
    falls = [1 - now / then if then else 0.0 for then, now in zip(before, after, strict=True)]
    measured = f"the last epoch took {100 * max(min(falls), 0.0):.0f} % off the losses"
    if min(falls) < STILL_FALLING.value or valid < ROOM.value * m.guess:
        return Checked(measured)
    sentence = (
        f"It stopped while it was still learning: the last epoch took {100 * falls[0]:.0f} % off the training loss and "
        f"{100 * falls[1]:.0f} % off the validation loss."
    )
    return Checked(measured, Finding(sentence, both_curves(m, "loss"), first(lambda: more_epochs(m.config))))


def _one_epoch(m: Measurements) -> Checked:
    _, valid = losses(m.whole[-1])
    measured = f"one epoch, validation loss {words.loss(valid)}"
    if valid < ROOM.value * m.guess:
        return Checked(measured)
    sentence = (
        f"The net has seen every picture once: after {m.steps:,} iterations the validation loss is "
        f"{words.loss(valid)}, where guessing gives {words.loss(m.guess)}. The first epochs bring "
        "most; one is too few to see where it leads."
    )
    return Checked(measured, Finding(sentence, both_curves(m, "loss"), first(lambda: more_epochs(m.config))))


def _no_epoch(m: Measurements) -> Checked:
    return Checked(unknown="no epoch is whole yet" if m.curve else NO_CURVE)


RULES = (
    Rule(
        "gap",
        "Over-fitting",
        "No over-fitting",
        f"After the last whole epoch the training accuracy is {GAP.value * 100:g} points or more above the "
        f"validation accuracy, and {GAP_ERRORS.value:.0f} standard errors of it or more; where classes had few "
        "pictures, of the others alone.",
        GAP.why + " " + GAP_ERRORS.why,
        _gap,
    ),
    Rule(
        "surer",
        "Surer, not better",
        "Not surer than right",
        f"In each of the last {AFTER_LOWEST.value:.0f} epochs the validation loss is {LOSS_ROSE.share} or more "
        f"(with n pictures {LOSS_ERRORS.value:.0f}/√n, if that is more) above its lowest value, which is below "
        f"{LEARNED_LITTLE.share} of guessing, and the accuracy is at most {ACCURACY_HELD.value * 100:.0f} point, or "
        "two standard errors, below what it was then.",
        f"{LOSS_ROSE.why} {LOSS_ERRORS.why} {AFTER_LOWEST.why} {ACCURACY_HELD.why}",
        _surer,
    ),
    Rule(
        "early",
        "Stopped while still learning",
        "Trained long enough",
        f"The validation loss is above {ROOM.share} of guessing, and the run had one epoch or, at a constant learning "
        f"rate, the last epoch took {STILL_FALLING.share} or more off the training loss and off the validation loss.",
        STILL_FALLING.why + " " + ROOM.why,
        _early,
    ),
)
