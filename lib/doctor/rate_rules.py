"""Rules on the learning rate: steps that are too large, by all that they leave behind, and steps that are too small."""

from math import isfinite

from lib.activations import ACTIVATIONS
from lib.doctor.evidence import (
    JUDGED_FROM,
    NO_CURVE,
    THAT_FALL_SILENT,
    THAT_SATURATE,
    activations,
    judgeable,
    shares,
    training_loss,
    weights_of,
)
from lib.doctor.findings import Checked, Evidence, Finding, Remedy, Rule
from lib.doctor.measurements import LayerState, Measurements
from lib.doctor.remedies import first, larger_rate, other_activation, smaller_rate
from lib.doctor.thresholds import FAR_BELOW, FEW_UNITS, FLAT, GROWN, LEARNED_LITTLE, RESTLESS, ROOM, SHOT_UP, SILENT
from lib.experiments import words
from lib.experiments.designs import USUAL_RATES
from lib.telling import Told, told


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
    measured = told("doctor.measured_rises", rises=words.loss(rises))
    if rises >= RESTLESS.value * m.guess:
        sentence = told("doctor.restless", rises=words.loss(rises), share=rises / m.guess)
        chart = training_loss(m, mark=(curve.points[-1][0] / 2, told("doctor.mark_second_half")))
        return Checked(measured, Finding((sentence,), chart, _gentler(m)))
    shot_up = curve.peak > SHOT_UP.value * max(curve.start, m.guess)
    if (_learned_little(m) and shot_up) or (_is_hurt(m) and grown > GROWN.value):
        ends = {"end": words.loss(curve.end), "guess": words.loss(m.guess)}
        if shot_up:
            sentence = told("doctor.shot_up", peak=words.loss(curve.peak), **ends)
        else:
            sentence = told("doctor.grown", times=grown, **ends)
        return Checked(measured, Finding((sentence,), training_loss(m), _gentler(m)))
    return Checked(measured)


def _broken(m: Measurements) -> Checked:
    points = m.curve.points if m.curve else ()
    at = next((at for at, loss in points if not isfinite(loss)), points[-1][0] if points else 0.0)
    chart = training_loss(m, mark=(at, told("doctor.mark_no_number")))
    return Checked(told("doctor.no_number"), Finding((told("doctor.broken", epoch=int(at) + 1),), chart, _gentler(m)))


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
    kind = ACTIVATIONS[layer.activation]
    assert kind.flat is not None
    alike = [each for each in m.looked.layers if ACTIVATIONS[each.activation].can_be_silent == kind.can_be_silent]
    if kind.flat.silent:
        sentence = [_silent(layer, m.looked.pictures)]
        named = activations(each.activation for each in alike)
        title, level = told("doctor.chart_silent", activations=named), SILENT.value
        values = [each.silent for each in alike]
    else:
        bend = told("told.activation", name=layer.activation)
        sentence = [told("doctor.flat", share=layer.flat, layer=layer.name, activation=bend)]
        title, level = told("doctor.chart_flat"), FLAT.value
        values = [each.flat for each in alike]
    rate, usual = m.config.train.learning_rate, USUAL_RATES[m.config.train.optimizer]
    large = rate > usual
    sentence += [told("doctor.drove", rate=rate)] if large else []
    chart: Evidence = shares(title, alike, values, level)
    remedy = _gentler(m) if large else other_activation(m.config, layer.activation)
    measured = told("doctor.measured_off", share=max(layer.silent, layer.flat), layer=layer.name)
    return Checked(measured, Finding(tuple(sentence), (training_loss(m), chart) if m.curve else chart, remedy))


def _silent(layer: LayerState, pictures: int) -> Told:
    silent = round(layer.silent * layer.units)
    what = "filters" if layer.name.startswith("conv") else "units"
    counted = {"all": layer.units, "layer": layer.name, "pictures": pictures}
    why = told(f"doctor.silent_{layer.activation}")
    if silent == layer.units:
        return told(f"doctor.all_{what}_silent", **counted, why=why)
    return told(f"doctor.{what}_silent", silent=silent, **counted, why=why)


def _gentler(m: Measurements) -> Remedy | None:
    return first(lambda: smaller_rate(m.config))


def _slow(m: Measurements) -> Checked:
    rate, usual = m.config.train.learning_rate, USUAL_RATES[m.config.train.optimizer]
    rates = {"rate": rate, "usual": usual, "optimizer": told("told.optimizer", name=m.config.train.optimizer)}
    measured = told("doctor.measured_rate", **rates)
    if rate * FAR_BELOW.value > usual:
        return Checked(measured)
    if m.curve is None:
        return Checked(unknown=NO_CURVE)
    curve = judgeable(m)
    if isinstance(curve, Checked):
        return curve
    if curve.end < LEARNED_LITTLE.value * m.guess:
        return Checked(told("doctor.yet_it_learns", measured=measured))
    losses = {"start": words.loss(curve.start), "end": words.loss(curve.end), "guess": words.loss(m.guess)}
    sentence = told("doctor.slow", **rates, **losses, steps=m.steps)
    return Checked(measured, Finding((sentence,), training_loss(m), first(lambda: larger_rate(m.config))))


RULES = (
    Rule(
        "fast",
        (
            told(
                "doctor.fast_when",
                restless=RESTLESS.value,
                learned=LEARNED_LITTLE.value,
                shot_up=SHOT_UP.value,
                grown=GROWN.value,
                silent=SILENT.value,
                fall_silent=THAT_FALL_SILENT,
                flat=FLAT.value,
                saturate=THAT_SATURATE,
                far=FAR_BELOW.value,
                room=ROOM.value,
            ),
            JUDGED_FROM,
        ),
        (RESTLESS.why, GROWN.why, SILENT.why, FLAT.why),
        _fast,
    ),
    Rule(
        "slow",
        (told("doctor.slow_when", far=FAR_BELOW.value, learned=LEARNED_LITTLE.value), JUDGED_FROM),
        (FAR_BELOW.why, LEARNED_LITTLE.why),
        _slow,
    ),
)
