"""Rules on what goes in: the pixels and the classes."""

from statistics import median

from lib.activations import ACTIVATIONS
from lib.config import BatchNorm
from lib.doctor import words
from lib.doctor.evidence import THAT_SATURATE
from lib.doctor.findings import Bar, Bars, Checked, Finding, Rule
from lib.doctor.measurements import Measurements
from lib.doctor.remedies import all_pictures_of_each_class, own_validation, scaled_pixels
from lib.doctor.thresholds import HIGHEST_INPUT, THIN_CLASS


def _unscaled(m: Measurements) -> Checked:
    highest = m.looked.highest if m.looked else (1.0 if m.config.data.scale_pixels else 255.0)
    measured = f"the largest number that goes in is {highest:g}"
    normed = _is_normed(m)
    if highest <= HIGHEST_INPUT.value or normed:
        return Checked(measured + (", and batch norm scales it" if normed else ""))
    sentence = (
        f"The net gets pixels of up to {highest:g} instead of 1: every first sum is hundreds of times larger than its "
        "weights were drawn for."
    )
    return Checked(measured, Finding(sentence, _inputs(m, highest), scaled_pixels(m.config)))


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


def _leak(m: Measurements) -> Checked:
    if m.config.data.valid_fraction > 0:
        return Checked(f"{words.whole(m.config.data.valid_fraction)} of the training pictures are held back")
    count = m.valid_pictures or 0
    sentence = (
        f"Validation is measured on the {count:,} test pictures: whoever chooses by what it shows chooses by them, and "
        "then they say too much good of how the net does on new ones."
    )
    chart = Bars(
        "Pictures behind each number",
        (
            Bar("validation of its own", 0.0, "0", marked=True),
            Bar("validation and test", float(count), f"{count:,}", marked=True),
        ),
        float(max(count, 1)),
    )
    return Checked("validation and test are the same pictures", Finding(sentence, chart, own_validation(m.config)))


RULES = (
    Rule(
        "unscaled",
        "Unscaled pixels",
        "Pixels are scaled",
        f"A number above {HIGHEST_INPUT.value:g} goes into the net, and no batch norm brings it to size before a "
        f"{THAT_SATURATE}.",
        HIGHEST_INPUT.why,
        _unscaled,
    ),
    Rule(
        "uneven",
        "Uneven classes",
        "Classes are even",
        f"A class has fewer than {THIN_CLASS.share} of the training pictures of the class in the middle.",
        THIN_CLASS.why,
        _uneven,
    ),
    Rule(
        "leak",
        "Validation is the test",
        "Test pictures are kept for the end",
        "No training pictures are held back, so that the validation curve is measured on the test pictures.",
        "A number that was looked at while choosing is no test any more.",
        _leak,
    ),
)
