"""Rules on what goes in: the pixels and the classes."""

from statistics import median

from lib.activations import ACTIVATIONS
from lib.config import BatchNorm
from lib.doctor.evidence import THAT_SATURATE
from lib.doctor.findings import Bar, Bars, Checked, Finding, Rule
from lib.doctor.measurements import Measurements
from lib.doctor.remedies import all_pictures_of_each_class, own_validation, scaled_pixels
from lib.doctor.thresholds import HIGHEST_INPUT, THIN_CLASS
from lib.telling import Told, told


def _unscaled(m: Measurements) -> Checked:
    highest = m.looked.highest if m.looked else (1.0 if m.config.data.scale_pixels else 255.0)
    if _is_normed(m):
        return Checked(told("doctor.measured_normed", highest=highest))
    measured = told("doctor.measured_input", highest=highest)
    if highest <= HIGHEST_INPUT.value:
        return Checked(measured)
    return Checked(
        measured,
        Finding((told("doctor.unscaled", highest=highest),), _inputs(m, highest), scaled_pixels(m.config)),
    )


def _is_normed(m: Measurements) -> bool:
    """Whether a batch norm brings the pixels to size before anything bends by how large they are."""
    for layer in m.config.model.layers:
        if isinstance(layer, BatchNorm):
            return True
        if layer.bend and ACTIVATIONS[layer.bend].saturates:
            return False  # a ReLU or a pooling passes sizes on, these do not
    return False


def _inputs(m: Measurements, highest: float) -> Bars:
    if m.looked is None:
        run = Bar(told("doctor.this_run"), highest, told("told.number", value=highest), marked=True)
        both = (run, Bar(told("doctor.scaled"), 1.0, told("told.number", value=1)))
        level = told("doctor.conspicuous_above", value=HIGHEST_INPUT.value), HIGHEST_INPUT.value
        return Bars(told("doctor.chart_largest"), both, highest, level)
    total, edges = sum(m.looked.inputs), [highest * tenth / len(m.looked.inputs) for tenth in range(11)]
    rows = tuple(
        Bar(
            told("told.range", low=low, high=high),
            count / total,
            told("told.percent", share=count / total),
            marked=low >= HIGHEST_INPUT.value,
        )
        for count, low, high in zip(m.looked.inputs, edges, edges[1:], strict=False)
    )
    return Bars(told("doctor.chart_inputs"), rows, max(bar.value for bar in rows))


def _uneven(m: Measurements) -> Checked:
    if m.counts is None:
        return Checked(unknown=told("doctor.run_pictures_gone"))
    middle = median(m.counts)
    few = min(range(len(m.counts)), key=m.counts.__getitem__)
    least, most = m.counts[few], max(m.counts)
    measured = told("doctor.measured_even", least=least)
    if most > least:
        measured = told("doctor.measured_classes", least=least, most=most)
    if m.counts[few] >= THIN_CLASS.value * middle:
        return Checked(measured)
    thin = [label for label, count in enumerate(m.counts) if count < THIN_CLASS.value * middle]
    named = told("told.class", name=m.classes[few])
    sentence = told("doctor.uneven", name=named, pictures=m.counts[few], middle=middle)
    rows = tuple(
        Bar(told("told.class", name=name), count, told("told.number", value=count), marked=label in thin)
        for label, (name, count) in enumerate(zip(m.classes, m.counts, strict=True))
    )
    level = told("doctor.below_half"), THIN_CLASS.value * middle
    chart = Bars(told("doctor.chart_classes"), rows, max(m.counts), level)
    return Checked(measured, Finding((sentence, *_found(m, few)), chart, all_pictures_of_each_class(m.config)))


def _found(m: Measurements, label: int) -> tuple[Told, ...]:
    if m.looked is None or (recall := m.looked.recalls[label]) is None:
        return ()
    others = [each for place, each in enumerate(m.looked.recalls) if each is not None and place != label]
    return (told("doctor.uneven_found", own=recall, others=sum(others) / len(others)),) if others else ()


def _leak(m: Measurements) -> Checked:
    if m.config.data.valid_fraction > 0:
        return Checked(told("doctor.measured_held_back", share=m.config.data.valid_fraction))
    count = m.valid_pictures or 0
    chart = Bars(
        told("doctor.chart_behind"),
        (
            Bar(told("doctor.own_validation"), 0.0, told("told.number", value=0), marked=True),
            Bar(told("doctor.validation_and_test"), float(count), told("told.number", value=count), marked=True),
        ),
        float(max(count, 1)),
    )
    finding = Finding((told("doctor.leak", pictures=count),), chart, own_validation(m.config))
    return Checked(told("doctor.measured_leak"), finding)


RULES = (
    Rule(
        "unscaled",
        (told("doctor.unscaled_when", highest=HIGHEST_INPUT.value, saturate=THAT_SATURATE),),
        (HIGHEST_INPUT.why,),
        _unscaled,
    ),
    Rule("uneven", (told("doctor.uneven_when", thin=THIN_CLASS.value),), (THIN_CLASS.why,), _uneven),
    Rule("leak", (told("doctor.leak_when"),), (told("doctor.why_leak"),), _leak),
)
