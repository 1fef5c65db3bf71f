"""Rules on what the net is made of: gradients that vanish on their way back, decay that wins, too few units."""

from math import inf

from lib.activations import ACTIVATIONS
from lib.config import Conv2d, Dense, Dropout, GlobalAvgPool2d
from lib.doctor.evidence import (
    JUDGED_FROM,
    NO_EPOCH,
    THAT_SATURATE,
    accuracies,
    activations,
    both_curves,
    judgeable,
    losses,
    no_look,
    weights_of,
)
from lib.doctor.findings import Bar, Bars, Checked, Finding, Rule
from lib.doctor.measurements import Measurements
from lib.doctor.remedies import less_dropout, no_decay, relu_throughout, wider
from lib.doctor.thresholds import FEW_UNITS, LEARNED_LITTLE, LEVEL, SATURATING, SHRUNK, STRONG_DROPOUT, VANISHED
from lib.experiments import words
from lib.telling import Told, told

_UNDERFIT = 0.9  # training accuracy
_LEAST_SHARE = 0.001  # that is said in per cent
_NONE = told("doctor.there_is_none")


def _vanishing(m: Measurements) -> Checked:
    bends = [layer.bend for layer in m.config.model.layers if layer.bend]
    bent = [name for name in bends if ACTIVATIONS[name].saturates]
    if len(bent) < SATURATING.value:
        return Checked(told("doctor.measured_bent", count=len(bent), activations=THAT_SATURATE))
    found = weights_of(m)
    if not found:
        return Checked(unknown=no_look(m))
    curve = judgeable(m)
    if isinstance(curve, Checked):
        return curve
    first, last = found[0].gradient, found[-1].gradient
    share = first / last if last else 0.0
    measured = told("doctor.measured_gradient", layer=found[0].name, share=_share(share))
    if share > VANISHED.value or curve.end < LEARNED_LITTLE.value * m.guess:
        return Checked(measured)
    sentence = told(
        "doctor.vanishing",
        layers=len(bent),
        activations=activations(bent, "comma"),
        share=_share(share),
        end=words.loss(curve.end),
        guess=words.loss(m.guess),
    )
    most = max(each.gradient for each in found)
    bars = tuple(
        Bar(
            each.name,
            each.gradient,
            told("told.short", value=each.gradient),
            marked=each.gradient <= VANISHED.value * last,
        )
        for each in reversed(found)
    )
    return Checked(
        measured, Finding((sentence,), Bars(told("doctor.chart_gradient"), bars, most), relu_throughout(m.config))
    )


def _share(share: float) -> Told:
    if share >= _LEAST_SHARE:
        return told("told.percent", share=share)
    return told("doctor.one_part_in", parts=1 / share) if share else told("doctor.nothing")


def _decay(m: Measurements) -> Checked:
    decay = m.config.train.weight_decay
    if decay == 0.0:
        return Checked(_NONE)
    sizes = [(each.name, each.size / each.start) for each in weights_of(m) if each.start]
    if not sizes:
        return Checked(unknown=no_look(m))
    curve = judgeable(m)
    if isinstance(curve, Checked):
        return curve
    name, least = min(sizes, key=lambda each: each[1])
    measured = told("doctor.measured_decay", layer=name, share=least)
    if least >= SHRUNK.value or curve.end < LEARNED_LITTLE.value * m.guess:
        return Checked(measured)
    losses = {"end": words.loss(curve.end), "guess": words.loss(m.guess)}
    sentence = told("doctor.decay", decay=decay, layer=name, share=least, **losses)
    bars = tuple(Bar(each, size, told("told.whole", share=size), marked=size < SHRUNK.value) for each, size in sizes)
    limit = max(1.0, *(size for _, size in sizes))
    chart = Bars(told("doctor.chart_sizes"), bars, limit, (told("doctor.as_at_the_start"), 1.0))
    return Checked(measured, Finding((sentence,), chart, no_decay(m.config)))


def _dropout(m: Measurements) -> Checked:
    rate = max((layer.rate for layer in m.config.model.layers if isinstance(layer, Dropout)), default=0.0)
    if rate == 0.0:
        return Checked(_NONE)
    measured = told("doctor.measured_dropout", rate=rate)
    if rate < STRONG_DROPOUT.value:
        return Checked(measured)
    curve = judgeable(m)
    if isinstance(curve, Checked):
        return curve
    if curve.end < LEARNED_LITTLE.value * m.guess or not m.whole:
        return Checked(told("doctor.yet_it_learns", measured=measured))
    train, valid = accuracies(m.whole[-1])
    losses = {"end": words.loss(curve.end), "guess": words.loss(m.guess)}
    sentence = told("doctor.dropout", rate=rate, train=train, valid=valid, **losses)
    charts = (both_curves(m, "loss"), both_curves(m, "accuracy"))
    return Checked(measured, Finding((sentence,), charts, less_dropout(m.config, STRONG_DROPOUT.value)))


def _underfit(m: Measurements) -> Checked:
    if not m.whole:
        return Checked(unknown=NO_EPOCH)
    curve = judgeable(m)
    if isinstance(curve, Checked):
        return curve
    train, valid = accuracies(m.whole[-1])
    narrow = _narrowest(m)
    measured = told("doctor.measured_fit", train=train, count=narrow)
    few = narrow <= FEW_UNITS.value * len(m.classes)
    if curve.end < LEARNED_LITTLE.value * m.guess or train >= _UNDERFIT or not (few or _is_level(m)):
        return Checked(measured)
    if few:
        sentence = told("doctor.underfit_narrow", train=train, valid=valid, count=narrow)
    else:
        sentence = told("doctor.underfit_level", train=train, valid=valid)
    charts = (both_curves(m, "loss"), both_curves(m, "accuracy"))
    return Checked(measured, Finding((sentence,), charts, wider(m.config)))


def _narrowest(m: Measurements) -> int:
    """Numbers that everything has to pass through: of a dense layer, or of maps that are averaged to one each."""
    sizes, filters = [len(m.classes)], len(m.classes)
    for layer in m.config.model.layers:
        match layer:
            case Conv2d():
                filters = layer.filters
            case GlobalAvgPool2d():
                sizes.append(filters)
            case Dense():
                sizes.append(layer.units)
    return min(sizes)


def _is_level(m: Measurements) -> bool:
    """Whether the last epoch brought hardly anything, at a rate that was still the set one."""
    if len(m.whole) < 3 or m.config.train.schedule != "constant":
        return False
    before, last = (losses(epoch)[0] for epoch in m.whole[-2:])
    fall = 1 - last / before if before else -inf
    return abs(fall) < LEVEL.value


RULES = (
    Rule(
        "vanishing",
        (
            told(
                "doctor.vanishing_when",
                layers=SATURATING.value,
                saturate=THAT_SATURATE,
                vanished=VANISHED.value,
                learned=LEARNED_LITTLE.value,
            ),
            JUDGED_FROM,
        ),
        (SATURATING.why, VANISHED.why),
        _vanishing,
    ),
    Rule(
        "decay",
        (told("doctor.decay_when", shrunk=SHRUNK.value, learned=LEARNED_LITTLE.value), JUDGED_FROM),
        (SHRUNK.why,),
        _decay,
    ),
    Rule(
        "dropout",
        (told("doctor.dropout_when", strong=STRONG_DROPOUT.value, learned=LEARNED_LITTLE.value), JUDGED_FROM),
        (STRONG_DROPOUT.why,),
        _dropout,
    ),
    Rule(
        "underfit",
        (
            told("doctor.underfit_when", fit=_UNDERFIT, learned=LEARNED_LITTLE.value, level=LEVEL.value),
            JUDGED_FROM,
        ),
        (FEW_UNITS.why, LEVEL.why),
        _underfit,
    ),
)
