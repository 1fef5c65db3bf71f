"""Rules on training beside validation: over-fitting, surer but not better (X8), and stopped too early."""

from math import sqrt
from statistics import median

from lib.doctor.evidence import NO_CURVE, NO_EPOCH, accuracies, both_curves, losses
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
from lib.experiments import words
from lib.telling import told


def _gap(m: Measurements) -> Checked:
    if not m.whole:
        return _no_epoch(m)
    train, valid = accuracies(m.whole[-1])
    fed = _found_of_fed_classes(m)
    share, pictures = (valid, m.valid_pictures) if fed is None else fed
    shown = told("told.percent", share=share)
    if pictures:
        shown = told("doctor.fraction", right=round(share * pictures), all=pictures)
    measured = told("doctor.measured_gap" if fed is None else "doctor.measured_gap_fed", train=train, shown=shown)
    if train - share < GAP.value:
        return Checked(measured)
    if train - share < GAP_ERRORS.value * _error(share, pictures):
        return Checked(told("doctor.by_chance", measured=measured))
    code = "doctor.gap" if fed is None else "doctor.gap_fed"
    sentence = told(code, train=train, shown=shown, share=share, gap=train - share)
    return Checked(measured, Finding((sentence,), both_curves(m, "accuracy"), less_by_heart(m.config)))


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
    losses_then = {"loss": words.loss(loss), "lowest": words.loss(lowest), "epoch": best.number}
    measured = told("doctor.measured_surer", **losses_then)
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
    code = "doctor.surer_not" if now >= then else "doctor.surer_hardly"
    sentence = told(code, **losses_then, then=then, now=now)
    mark = (float(best.number), told("doctor.mark_lowest"))
    charts = (both_curves(m, "loss", mark), both_curves(m, "accuracy", mark))
    return Checked(measured, Finding((sentence,), charts, first(lambda: stop_at(m.config, best.number))))


def _early(m: Measurements) -> Checked:
    if m.curve is None:
        return Checked(unknown=NO_CURVE)
    if not m.ended:
        return Checked(unknown=told("doctor.still_training"))
    if not m.whole:
        return Checked(unknown=NO_EPOCH)
    (train, valid), count = losses(m.whole[-1]), len(m.whole)
    if count == 1:
        return _one_epoch(m)
    if m.config.train.schedule != "constant":
        return Checked(unknown=told("doctor.rate_fell"))
    before, after = losses(m.whole[-2]), (train, valid)
    falls = [1 - now / then if then else 0.0 for then, now in zip(before, after, strict=True)]
    measured = told("doctor.measured_last_epoch", share=max(min(falls), 0.0))
    if min(falls) < STILL_FALLING.value or valid < ROOM.value * m.guess:
        return Checked(measured)
    sentence = told("doctor.early", train=falls[0], valid=falls[1])
    return Checked(measured, Finding((sentence,), both_curves(m, "loss"), first(lambda: more_epochs(m.config))))


def _one_epoch(m: Measurements) -> Checked:
    _, valid = losses(m.whole[-1])
    measured = told("doctor.measured_one_epoch", loss=words.loss(valid))
    if valid < ROOM.value * m.guess:
        return Checked(measured)
    sentence = told("doctor.one_epoch", steps=m.steps, loss=words.loss(valid), guess=words.loss(m.guess))
    return Checked(measured, Finding((sentence,), both_curves(m, "loss"), first(lambda: more_epochs(m.config))))


def _no_epoch(m: Measurements) -> Checked:
    return Checked(unknown=NO_EPOCH if m.curve else NO_CURVE)


RULES = (
    Rule(
        "gap",
        (told("doctor.gap_when", gap=GAP.value, errors=GAP_ERRORS.value),),
        (GAP.why, GAP_ERRORS.why),
        _gap,
    ),
    Rule(
        "surer",
        (
            told(
                "doctor.surer_when",
                latest=AFTER_LOWEST.value,
                rose=LOSS_ROSE.value,
                errors=LOSS_ERRORS.value,
                learned=LEARNED_LITTLE.value,
                held=ACCURACY_HELD.value,
            ),
        ),
        (LOSS_ROSE.why, LOSS_ERRORS.why, AFTER_LOWEST.why, ACCURACY_HELD.why),
        _surer,
    ),
    Rule(
        "early",
        (told("doctor.early_when", room=ROOM.value, falling=STILL_FALLING.value),),
        (STILL_FALLING.why, ROOM.why),
        _early,
    ),
)
