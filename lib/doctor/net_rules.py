"""Rules on what the net is made of: gradients that vanish on their way back, decay that wins, too few units."""

from math import inf

from lib.activations import ACTIVATIONS
from lib.config import Conv2d, Dense, Dropout, GlobalAvgPool2d
from lib.doctor import words
from lib.doctor.evidence import (
    JUDGED_FROM,
    THAT_SATURATE,
    accuracies,
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

_UNDERFIT = 0.9  # training accuracy


def _vanishing(m: Measurements) -> Checked:
    activations = [layer.bend for layer in m.config.model.layers if layer.bend]
    bent = [name for name in activations if ACTIVATIONS[name].saturates]
    if len(bent) < SATURATING.value:
        return Checked(f"{len(bent)} {THAT_SATURATE} layers")
    found = weights_of(m)
    if not found:
        return Checked(unknown=no_look(m))
    curve = judgeable(m)
    if isinstance(curve, Checked):
        return curve
    first, last = found[0].gradient, found[-1].gradient
    share = first / last if last else 0.0
    measured = f"the gradient in {found[0].name} is {_share(share)} of that in the last layer"
    if share > VANISHED.value or curve.end < LEARNED_LITTLE.value * m.guess:
        return Checked(measured)
    kinds = words.listed(sorted({ACTIVATIONS[name].said for name in bent}))
    sentence = (
        f"On its way back through {len(bent)} {kinds} layers the gradient shrinks to {_share(share)}: the first layers "
        f"hardly move, and the training loss is still {words.loss(curve.end)}, where guessing gives "
        f"{words.loss(m.guess)}. A larger rate does not help them."
    )
    most = max(each.gradient for each in found)
    bars = tuple(
        Bar(each.name, each.gradient, _plain(each.gradient), marked=each.gradient <= VANISHED.value * last)
        for each in reversed(found)
    )
    chart = Bars("Mean size of the gradient, from the output back to the input", bars, most)
    return Checked(measured, Finding(sentence, chart, relu_throughout(m.config)))


def _share(share: float) -> str:
    return words.percent(share) if share >= 0.001 else f"1 part in {1 / share:,.0f}" if share else "nothing"


def _plain(value: float) -> str:
    return f"{value:.2g}".replace("e-0", "e−").replace("e-", "e−")


def _decay(m: Measurements) -> Checked:
    decay = m.config.train.weight_decay
    if decay == 0.0:
        return Checked("there is none")
    sizes = [(each.name, each.size / each.start) for each in weights_of(m) if each.start]
    if not sizes:
        return Checked(unknown=no_look(m))
    curve = judgeable(m)
    if isinstance(curve, Checked):
        return curve
    name, least = min(sizes, key=lambda each: each[1])
    measured = f"the weights of {name} are {words.whole(least)} of the size they began with"
    if least >= SHRUNK.value or curve.end < LEARNED_LITTLE.value * m.guess:
        return Checked(measured)
    sentence = (
        f"A weight decay of {decay:g} pulls all weights towards 0 harder than the pictures pull them away: those "
        f"of {name} are {words.whole(least)} of the size they began with, and the training loss is still "
        f"{words.loss(curve.end)}, where guessing gives {words.loss(m.guess)}."
    )
    bars = tuple(Bar(each, size, words.whole(size), marked=size < SHRUNK.value) for each, size in sizes)
    limit = max(1.0, *(size for _, size in sizes))
    chart = Bars("Size of the weights, of what it was at the start", bars, limit, ("as at the start", 1.0))
    return Checked(measured, Finding(sentence, chart, no_decay(m.config)))


def _dropout(m: Measurements) -> Checked:
    rate = max((layer.rate for layer in m.config.model.layers if isinstance(layer, Dropout)), default=0.0)
    if rate == 0.0:
        return Checked("there is none")
    measured = f"a dropout of {words.whole(rate)}"
    if rate < STRONG_DROPOUT.value:
        return Checked(measured)
    curve = judgeable(m)
    if isinstance(curve, Checked):
        return curve
    if curve.end < LEARNED_LITTLE.value * m.guess or not m.whole:
        return Checked(f"{measured}, yet it learns")
    train, valid = accuracies(m.whole[-1])
    sentence = (
        f"A dropout of {words.whole(rate)} hides most of what a layer says, anew in every step: while it trains, the "
        f"net is right on {words.percent(train)} of the pictures, with nothing hidden on {words.percent(valid)} of the "
        f"validation pictures, and the training loss is still {words.loss(curve.end)}, where guessing gives "
        f"{words.loss(m.guess)}."
    )
    charts = (both_curves(m, "loss"), both_curves(m, "accuracy"))
    return Checked(measured, Finding(sentence, charts, less_dropout(m.config, STRONG_DROPOUT.value)))


def _underfit(m: Measurements) -> Checked:
    if not m.whole:
        return Checked(unknown="no epoch is whole yet")
    curve = judgeable(m)
    if isinstance(curve, Checked):
        return curve
    train, valid = accuracies(m.whole[-1])
    narrow = _narrowest(m)
    measured = f"{words.percent(train)} of its own training pictures right, the narrowest layer has {narrow:,} numbers"
    few = narrow <= FEW_UNITS.value * len(m.classes)
    if curve.end < LEARNED_LITTLE.value * m.guess or train >= _UNDERFIT or not (few or _is_level(m)):
        return Checked(measured)
    why = (
        f"everything has to pass through a layer of {narrow:,} {'number' if narrow == 1 else 'numbers'}"
        if few
        else "and it has nearly stopped learning"
    )
    sentence = (
        f"The net is right on {words.percent(train)} of the pictures it trains on and on {words.percent(valid)} of "
        f"others: it cannot even fit what it sees, {why}."
    )
    charts = (both_curves(m, "loss"), both_curves(m, "accuracy"))
    return Checked(measured, Finding(sentence, charts, wider(m.config)))


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
        "Vanishing gradients",
        "No vanishing gradients",
        f"There are {SATURATING.value:.0f} or more {THAT_SATURATE} layers, the gradient in the first layer is at most "
        f"{VANISHED.share} of that in the last, and the training loss is above {LEARNED_LITTLE.share} of guessing. "
        f"{JUDGED_FROM}.",
        SATURATING.why + " " + VANISHED.why,
        _vanishing,
    ),
    Rule(
        "decay",
        "Weight decay too strong",
        "Weight decay does not win",
        f"With a weight decay, the weights of a layer are below {SHRUNK.share} of their size at the start, and the "
        f"training loss is above {LEARNED_LITTLE.share} of guessing. {JUDGED_FROM}.",
        SHRUNK.why,
        _decay,
    ),
    Rule(
        "dropout",
        "Dropout too strong",
        "Dropout does not win",
        f"A layer drops {STRONG_DROPOUT.share} or more, and the training loss is above {LEARNED_LITTLE.share} of "
        f"guessing. {JUDGED_FROM}.",
        STRONG_DROPOUT.why,
        _dropout,
    ),
    Rule(
        "underfit",
        "Under-fitting",
        "No under-fitting",
        f"Less than {100 * _UNDERFIT:.0f} % of its own training pictures are right, the training loss is above "
        f"{LEARNED_LITTLE.share} of guessing, and a layer has at most a third as many numbers as there are classes, "
        f"or, at a constant rate, the last epoch changed the training loss by less than {LEVEL.share}. {JUDGED_FROM}.",
        FEW_UNITS.why + " " + LEVEL.why,
        _underfit,
    ),
)
