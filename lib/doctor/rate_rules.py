"""Rules on the learning rate: steps that are too large, by all that they leave behind, and steps that are too small."""

from math import isfinite

from lib.activations import ACTIVATIONS
from lib.doctor import words
from lib.doctor.evidence import (
    JUDGED_FROM,
    NO_CURVE,
    THAT_FALL_SILENT,
    THAT_SATURATE,
    judgeable,
    shares,
    training_loss,
    weights_of,
)
from lib.doctor.findings import Checked, Evidence, Finding, Remedy, Rule
from lib.doctor.measurements import LayerState, Measurements
from lib.doctor.remedies import first, larger_rate, other_activation, plain, smaller_rate
from lib.doctor.thresholds import FAR_BELOW, FEW_UNITS, FLAT, GROWN, LEARNED_LITTLE, RESTLESS, ROOM, SHOT_UP, SILENT
from lib.experiments.designs import OPTIMIZER_NAMES, USUAL_RATES


def _fast(m: Measurements) -> Checked:
    curve = m.curve
    if m.finite is False or (curve is not None and curve.diverged):
        return _broken(m)
    if (layer := _switched_off(m)) and (curve is None or _is_hurt(m)):
        return _off(m, layer)
    found = judgeable(m)
    if isinstance(found, Checked):
        return found
    curve, rises = found, found.rises()
    grown = max((each.size / each.start for each in weights_of(m) if each.start), default=1.0)
    measured = f"in the second half the training loss rose by {words.loss(rises)} in all"
    if rises >= RESTLESS.value * m.guess:
        sentence = (
            f"The training loss goes up and down: in the second half of the way its rises add up to "
            f"{words.loss(rises)}, {100 * rises / m.guess:.0f} % of what guessing costs. Steps jump over the valley."
        )
        chart = training_loss(m, mark=(curve.points[-1][0] / 2, "second half"))
        return Checked(measured, Finding(sentence, chart, _gentler(m)))
    shot_up = curve.peak > SHOT_UP.value * max(curve.start, m.guess)
    if (_learned_little(m) and shot_up) or (_is_hurt(m) and grown > GROWN.value):
        what = (
            f"The training loss shot up to {words.loss(curve.peak)}"
            if shot_up
            else f"Its weights have grown to {grown:.0f} times their size at the start"
        )
        sentence = (
            f"{what} and ends at {words.loss(curve.end)}, where guessing gives {words.loss(m.guess)}: the steps are so "
            "large that they lead away from what was learned."
        )
        return Checked(measured, Finding(sentence, training_loss(m), _gentler(m)))
    return Checked(measured)


def _broken(m: Measurements) -> Checked:
    points = m.curve.points if m.curve else ()
    at = next((at for at, loss in points if not isfinite(loss)), points[-1][0] if points else 0.0)
    sentence = (
        f"In epoch {int(at) + 1} the loss stopped being a number: the steps were so large that the weights ran off. "
        "What the net says now means nothing."
    )
    chart = training_loss(m, mark=(at, "no number any more"))
    return Checked("the loss is no number any more", Finding(sentence, chart, _gentler(m)))


def _learned_little(m: Measurements) -> bool:
    return m.curve is not None and m.curve.end >= LEARNED_LITTLE.value * m.guess


def _is_hurt(m: Measurements) -> bool:
    """Whether little was learned, or with far too large steps less than there was to learn."""
    train = m.config.train
    far_above = train.learning_rate >= FAR_BELOW.value * USUAL_RATES[train.optimizer]
    return _learned_little(m) or (far_above and m.curve is not None and m.curve.end >= ROOM.value * m.guess)


def _switched_off(m: Measurements) -> LayerState | None:
    """The layer that large steps have driven where its activation is flat; None if there is none.

    At a usual rate a layer of very few units may go silent by itself, and what comes after it then too: that net is
    too narrow.
    """
    layers = m.looked.layers if m.looked else ()
    if m.config.train.learning_rate <= USUAL_RATES[m.config.train.optimizer] and any(
        layer.units <= FEW_UNITS.value * len(m.classes) for layer in layers
    ):
        return None
    return max(
        (layer for layer in layers if _is_off(layer)), key=lambda each: max(each.silent, each.flat), default=None
    )


def _is_off(layer: LayerState) -> bool:
    return layer.silent >= SILENT.value or layer.flat >= FLAT.value


def _off(m: Measurements, layer: LayerState) -> Checked:
    assert m.looked is not None
    what = "filters" if layer.name.startswith("conv") else "units"
    kind = ACTIVATIONS[layer.activation]
    assert kind.flat is not None
    alike = [each for each in m.looked.layers if ACTIVATIONS[each.activation].can_be_silent == kind.can_be_silent]
    if kind.flat.silent:
        silent = round(layer.silent * layer.units)
        those = f"All {layer.units:,}" if silent == layer.units else f"{silent:,} of the {layer.units:,}"
        sentence = (
            f"{those} {what} of {layer.name} answer 0 to every one of {m.looked.pictures:,} validation pictures: "
            f"{kind.flat.why}"
        )
        those = " or ".join(sorted({ACTIVATIONS[each.activation].said for each in alike}))
        title, level = f"Share of each {those} layer that never answers", SILENT.value
        values = [each.silent for each in alike]
    else:
        sentence = (
            f"{words.percent(layer.flat)} of the answers of {layer.name} lie where the {kind.said} is flat: "
            "almost no gradient passes there, so what comes before hardly learns"
        )
        title, level = "Share of each layer's answers where its activation is flat", FLAT.value
        values = [each.flat for each in alike]
    rate, usual = m.config.train.learning_rate, USUAL_RATES[m.config.train.optimizer]
    large = rate > usual
    sentence += f". Steps of a learning rate of {plain(rate)} drove them there." if large else "."
    chart: Evidence = shares(title, alike, values, level)
    remedy = _gentler(m) if large else other_activation(m.config, layer.activation)
    measured = f"{words.percent(max(layer.silent, layer.flat))} of {layer.name} is switched off"
    return Checked(measured, Finding(sentence, (training_loss(m), chart) if m.curve else chart, remedy))


def _gentler(m: Measurements) -> Remedy | None:
    return first(lambda: smaller_rate(m.config))


def _slow(m: Measurements) -> Checked:
    rate, usual = m.config.train.learning_rate, USUAL_RATES[m.config.train.optimizer]
    name = OPTIMIZER_NAMES[m.config.train.optimizer]
    measured = f"learning rate {plain(rate)}; {plain(usual)} is usual for {name}"
    if rate * FAR_BELOW.value > usual:
        return Checked(measured)
    if m.curve is None:
        return Checked(unknown=NO_CURVE)
    curve = judgeable(m)
    if isinstance(curve, Checked):
        return curve
    if curve.end < LEARNED_LITTLE.value * m.guess:
        return Checked(f"{measured}, yet it learns")
    sentence = (
        f"With a learning rate of {plain(rate)} the training loss went from {words.loss(curve.start)} to "
        f"{words.loss(curve.end)} in {m.steps:,} iterations; guessing gives {words.loss(m.guess)}. For {name} "
        f"{plain(usual)} is usual."
    )
    return Checked(measured, Finding(sentence, training_loss(m), first(lambda: larger_rate(m.config))))


RULES = (
    Rule(
        "fast",
        "Learning rate too large",
        "Steps are not too large",
        f"A loss or a weight is no number any more; or between twentieths of the way the rises of the training loss in "
        f"the second half add up to {RESTLESS.share} of guessing or more; or the training loss is above "
        f"{LEARNED_LITTLE.share} of guessing and it shot above {SHOT_UP.value:.0f} times the larger of start and "
        f"guessing, a layer's weights grew to more than {GROWN.value:.0f} times their size, {SILENT.share} of a "
        f"{THAT_FALL_SILENT} layer never answer, or {FLAT.share} of a {THAT_SATURATE} layer's answers are flat (the "
        f"last three, with {FAR_BELOW.value:.0f} times the usual rate or more, from {ROOM.share} of guessing on). "
        f"{JUDGED_FROM}.",
        f"{RESTLESS.why} {GROWN.why} {SILENT.why} {FLAT.why}",
        _fast,
    ),
    Rule(
        "slow",
        "Learning rate too small",
        "Steps are not too small",
        f"The rate is {FAR_BELOW.value:.0f} times smaller than the optimizer's usual one, or smaller still, and the "
        f"training loss is above {LEARNED_LITTLE.share} of guessing. {JUDGED_FROM}.",
        FAR_BELOW.why + " " + LEARNED_LITTLE.why,
        _slow,
    ),
)
