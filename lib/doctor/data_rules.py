"""Rules on what goes in: the pixels and the classes."""

from statistics import median

from lib.config import BatchNorm
from lib.doctor.findings import Bar, Bars, Checked, Finding, Rule
from lib.doctor.measurements import Measurements
from lib.doctor.remedies import all_pictures_of_each_class, scaled_pixels
from lib.doctor.thresholds import HIGHEST_INPUT, THIN_CLASS
from lib.experiments import words


def _unscaled(m: Measurements) -> Checked:
    highest = m.looked.highest if m.looked else (1.0 if m.config.data.scale_pixels else 255.0)
    measured = f"the largest number that goes in is {highest:g}"
    normed = m.config.model.layers[:1] == (BatchNorm(),)
    if highest <= HIGHEST_INPUT.value or normed:
        return Checked(measured + (", and batch norm scales it" if normed else ""))
    sentence = (
        f"The net gets pixels of up to {highest:g} instead of 1: every first sum is hundreds of times larger than its "
        "weights were drawn for."
    )
    return Checked(measured, Finding(sentence, _inputs(m, highest), scaled_pixels(m.config)))


def _inputs(m: Measurements, highest: float) -> Bars:
    if m.looked is None:
        both = (Bar("this run", highest, f"{highest:g}", marked=True), Bar("scaled", 1.0, "1"))
        return Bars(
            "Largest number that goes in",
            both,
            highest,
            (f"conspicuous above {HIGHEST_INPUT.value:g}", HIGHEST_INPUT.value),
        )
    total, edges = sum(m.looked.inputs), [highest * tenth / len(m.looked.inputs) for tenth in range(11)]
    rows = tuple(
        Bar(f"{low:.0f}–{high:.0f}", count / total, words.percent(count / total), marked=low >= HIGHEST_INPUT.value)
        for count, low, high in zip(m.looked.inputs, edges, edges[1:], strict=False)
    )
    return Bars("How often the net gets each number", rows, max(bar.value for bar in rows))


def _uneven(m: Measurements) -> Checked:
    if m.counts is None:
        return Checked(unknown="the pictures of this run are not on this machine")
    middle = median(m.counts)
    few = min(range(len(m.counts)), key=m.counts.__getitem__)
    least, most = m.counts[few], max(m.counts)
    measured = f"{least:,} {f'to {most:,} ' if most > least else ''}training pictures a class"
    if m.counts[few] >= THIN_CLASS.value * middle:
        return Checked(measured)
    thin = [label for label, count in enumerate(m.counts) if count < THIN_CLASS.value * middle]
    sentence = (
        f"“{m.classes[few]}” has {m.counts[few]:,} training pictures, the class in the middle {middle:,.0f}: what is "
        f"rare is learned late and answered seldom{_found(m, few)}."
    )
    rows = tuple(
        Bar(name, count, f"{count:,}", marked=label in thin)
        for label, (name, count) in enumerate(zip(m.classes, m.counts, strict=True))
    )
    chart = Bars(
        "Training pictures of each class",
        rows,
        max(m.counts),
        ("conspicuous below half of the middle", THIN_CLASS.value * middle),
    )
    return Checked(measured, Finding(sentence, chart, all_pictures_of_each_class(m.config)))


def _found(m: Measurements, label: int) -> str:
    if m.looked is None or (recall := m.looked.recalls[label]) is None:
        return ""
    others = [each for place, each in enumerate(m.looked.recalls) if each is not None and place != label]
    if not others:
        return ""
    mean = sum(others) / len(others)
    return f". Of its validation pictures {words.percent(recall)} are found, of the others {words.percent(mean)}"


RULES = (
    Rule(
        "unscaled",
        "Unscaled pixels",
        f"A number above {HIGHEST_INPUT.value:g} goes into the net, and its first layer is no batch norm.",
        HIGHEST_INPUT.why,
        _unscaled,
    ),
    Rule(
        "uneven",
        "Uneven classes",
        f"A class has fewer than {THIN_CLASS.share} of the training pictures of the class in the middle.",
        THIN_CLASS.why,
        _uneven,
    ),
)
