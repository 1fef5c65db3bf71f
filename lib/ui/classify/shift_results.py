"""What the Shift Lab found: the sentence, the numbers side by side, and the curves over angle and size."""

from collections.abc import Mapping, Sequence

import streamlit as st

from lib.datasets import DatasetInfo
from lib.experiments.answers import more_often, said_of_places
from lib.explain.shifting import Robustness
from lib.ui.classify.shift_nets import Place
from lib.ui.classify.shift_verdict import Finding, comparison, finding, verdict
from lib.ui.components.bar_list import bar_list
from lib.ui.components.shift_curves import shift_curves
from lib.ui.serve.stream import PLOTLY_URL
from lib.ui.words import Said, percent, say
from lib.ui.words.telling import sentences

TURNED = 30.0  # degrees
Found = Sequence[tuple[Place, Robustness]]  # one row of places, those that are measured
AUGMENTED = Said(
    {
        False: "classify.augmented_false",
        True: "classify.augmented_true",
    }
)


def show_verdict(info: DatasetInfo, row: Found, other: Found, pixels: int) -> None:
    """The finding in a sentence; and what augmentation changed, where both are known."""
    with st.container(border=True, key="shift-verdict", gap="xxsmall"):
        findings = [finding(place.title, found, pixels) for place, found in row]
        pictures = min(found.pictures for _, found in row)
        st.markdown(verdict(findings, pixels=pixels, pictures=pictures, classes=len(info.classes)))
        if said := _picture_by_picture(row, findings, pixels):
            st.markdown(said)
        both = _pairs(row, other, pixels)
        if both:
            st.markdown(comparison(*both))


def _picture_by_picture(row: Found, findings: Sequence[Finding], pixels: int) -> str | None:
    """The two that lose least, on the same pictures in the same places; None if there are no two of them."""
    ranked = sorted(zip(findings, row, strict=True), key=lambda pair: pair[0].loss)[:2]
    kept = [found.places_kept(pixels) for _, (_, found) in ranked]
    if len(kept) < 2 or kept[0] is None or kept[1] is None or len(kept[0]) != len(kept[1]):
        return None
    return sentences(said_of_places(ranked[0][0].name, ranked[1][0].name, more_often(kept[0], kept[1])))


def _pairs(row: Found, other: Found, pixels: int) -> tuple[dict[str, Finding], dict[str, Finding]] | None:
    """The findings of the experiment's nets without and with augmentation, for those that have both."""
    sides: dict[bool, dict[str, Finding]] = {False: {}, True: {}}
    for place, found in (*row, *other):
        if place.kind:
            sides[place.config.train.augment][place.title] = finding(place.title, found, pixels)
    plain, augmented = sides[False], sides[True]
    shared = [name for name in plain if name in augmented]
    if not shared:
        return None
    return {name: plain[name] for name in shared}, {name: augmented[name] for name in shared}


def show_table(row: Found, other: Found, pixels: int) -> None:
    """Centred and shifted accuracy of every net that is measured, as bars."""
    rows = []
    for part in (row, other):
        for number, (place, found) in enumerate(part):
            centred, shifted = found.centred, found.shifted_up_to(pixels)
            rows.append(
                {
                    "label": place.title.removesuffix(" pooling"),  # a bar list has little room
                    "values": [centred, shifted],
                    "texts": [percent(centred, ".1f"), percent(shifted, ".1f")],
                    "group": AUGMENTED[place.config.train.augment] if number == 0 and other else "",
                }
            )
    bar_list(
        key="shift-table",
        title=say("classify.accuracy_centred_shifted"),
        note=say("classify.mean_over_all", pixels=pixels),
        names=("centred", "shifted"),
        limit=1.0,
        rows=rows,
    )


def show_curves(info: DatasetInfo, row: Found, other: Found) -> None:
    """Accuracy over the angle and over the size of the pictures."""
    first = row[0][1]
    rows = [*((each, False) for each in row), *((each, True) for each in other)]
    shift_curves(
        key="shift-curves",
        charts=[
            {"name": "angle", "title": say("classify.turned_clockwise"), "unit": "°", "tick": 30}
            | {"x": list(first.angles), "sentence": _turned(row)},
            {"name": "scale", "title": say("classify.made_smaller_or"), "unit": "×", "tick": 0.2}
            | {"x": list(first.scales), "sentence": _scaled(row)},
        ],
        lines=[
            {
                "title": f"{place.title}, {AUGMENTED[place.config.train.augment]}" if other else place.title,
                "line": place.line,
                "dotted": dotted,
                "y": [list(found.by_angle), list(found.by_scale)],
            }
            for (place, found), dotted in rows
        ],
        guess=1 / len(info.classes),
        plotly_url=PLOTLY_URL,
    )


def _turned(row: Found) -> str:
    means = {place.title: found.turned_up_to(TURNED) for place, found in row}
    return say("classify.average_over_turns", turned=TURNED, means=_numbers(means))


def _scaled(row: Found) -> str:
    half = {place.title: found.by_scale[found.scales.index(0.5)] for place, found in row}
    return say("classify.half_size", half=_numbers(half))


def _numbers(shares: Mapping[str, float]) -> str:
    return ", ".join(f"{name} {percent(share, '.1f')}" for name, share in shares.items())
