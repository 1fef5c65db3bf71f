"""The Shift Lab: the same picture in another place, and which kinds of nets still know it."""

from collections.abc import Sequence
from typing import NamedTuple

import streamlit as st

from lib.datasets import Dataset, DatasetInfo, DatasetUnavailable, list_datasets, load_dataset
from lib.explain.shifting import REACH
from lib.ui.classify.shift_experiment import EFFORTS, Effort, experiment
from lib.ui.classify.shift_nets import Place, choose_places, of_experiment
from lib.ui.classify.shift_panels import Shown, begin, load, panel, pictures_for
from lib.ui.classify.shift_results import AUGMENTED, Found, show_curves, show_table, show_verdict
from lib.ui.classify.shift_training import show_status, train_button
from lib.ui.components.shift_pad import encode_picture, shift_pad
from lib.ui.net import inside
from lib.ui.setup import session
from lib.ui.setup.controls import held, held_in_address
from lib.ui.words import Said, say
from lib.ui.words.field import classes_of, title_of
from lib.ui.words.telling import problem_said

_SOURCES = Said(
    {
        "sample": "classify.sources_sample",
        "draw": "classify.sources_draw",
    }
)
_FRAME = 4  # pixels; as far as the middle 20 of 28 can go without leaving the picture


class _Terms(NamedTuple):
    info: DatasetInfo
    effort: Effort
    seed: int
    augment: bool


def show(net: inside.Net) -> None:
    """Three nets, their maps, and a picture to slide about; of the net chosen above, its pictures come first."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="shift-controls"):
        terms = _choose_terms(net)
        info, augment = terms.info, terms.augment
        plans = {on: experiment(info, terms.effort, terms.seed, augment=on) for on in (False, True)}
        present, others = of_experiment(plans[augment]), of_experiment(plans[not augment])
        train_button(present)
        places = choose_places(info, present)
        there = any(place.net is not None and not place.is_learning for place in others)
        beside = held(
            st.toggle,
            say("classify.compare_without"),
            key="shift-beside",
            disabled=not there,
            help=say("classify.same_three_nets"),
        )
    try:
        data = load_dataset(**present[0].config.data.model_dump())
    except DatasetUnavailable as problem:
        st.error(problem_said(problem), icon=":material/error:")
        return
    rows = [places, others] if beside and there else [places]
    every = [place for row in rows for place in row]
    pictures = pictures_for(every, data, info, terms.effort.measured)
    shown = [[load(place, data, pictures) for place in row] for row in rows]
    if not any(place.is_learning for place in present):  # training comes first
        for each in (each for row in shown for each in row if each.measurement is None):
            begin(each, data, info)
    show_status(info, present, [each for row in shown for each in row], lambda each: begin(each, data, info))
    _lab(info, data, rows, pictures)


def _choose_terms(net: inside.Net) -> _Terms:
    available = {info.name: info for info in list_datasets(session.owner()) if info.available}
    names = list(available)
    first = net.config.data.name
    name = held_in_address(
        st.selectbox,
        say("classify.pictures"),
        names,
        key="lab-pictures",
        first=first if first in names else "doodles",
        format_func=lambda name: title_of(available[name]),
        width=170,
        help=say("classify.other_data_sets"),
    )
    effort = held_in_address(
        st.selectbox,
        say("classify.training"),
        EFFORTS,
        key="lab-training",
        first=list(EFFORTS)[1],
        width=110,
        help=say("classify.how_many_pictures"),
    )
    seed = held_in_address(
        st.number_input,
        say("classify.seed"),
        key="lab-seed",
        first=0,
        min_value=0,
        max_value=9_999,
        width=110,
        help=say("classify.first_weights_order"),
    )
    augment = held_in_address(
        st.toggle,
        say("classify.shifted_training_pictures"),
        key="lab-augmentation",
        first=False,
        help=say("classify.anew_every_epoch")
        + (say("classify.half_them_mirrored") if available[name].mirrors else "")
        + say("classify.same_augmentation_as"),
    )
    return _Terms(available[name], EFFORTS[effort], int(seed), augment)


@st.fragment
def _lab(info: DatasetInfo, data: Dataset, rows: Sequence[Sequence[Place]], pictures: int) -> None:
    """What was found, and the picture with all answers; a stroke runs only this again."""
    shown = [[load(place, data, pictures) for place in row] for row in rows]
    verdict = st.container()
    with st.container(horizontal=True, vertical_alignment="center", gap="medium", key="shift-picture"):
        source = held(
            st.segmented_control,
            say("classify.picture"),
            _SOURCES,
            first="sample",
            format_func=_SOURCES.__getitem__,
            key="shift-source",
            label_visibility="collapsed",
            required=True,
        )
        chosen = None if source == "draw" else inside.choose_picture("sample", data)
        with st.container(horizontal=True, vertical_alignment="center", gap="medium", width=430):
            st.caption(say("classify.average_over_shifts"), width="content")
            frame = held(
                st.select_slider,
                say("classify.average_over_shifts"),
                list(range(1, REACH + 1)),
                first=_FRAME,
                format_func=lambda pixels: say("classify.px", pixels=pixels),
                key="shift-frame",
                label_visibility="collapsed",
                width=230,
            )
    found = [_found(row) for row in shown]
    other = found[1] if len(found) > 1 and len(found[1]) == len(rows[1]) else []  # all of them, or none yet
    with verdict:
        _say(info, rows[0], found[0], other, frame)
    _pad(info, data, shown, frame, chosen)
    if found[0]:
        show_table(found[0], other, frame)
        show_curves(info, found[0], other)


def _pad(
    info: DatasetInfo, data: Dataset, shown: Sequence[Sequence[Shown]], frame: int, chosen: inside.Chosen | None
) -> None:
    main = st.container()
    if chosen is None:
        with st.container(key="stack-shift"):
            own, main = st.columns([0.2, 0.8], gap="medium")
        with own:
            chosen = inside.drawing_or_sample(data)
    with main:
        shift_pad(
            key=f"shift-pad-{info.name}",
            picture=encode_picture(chosen.x[0] / data.test.scale) | {"caption": chosen.caption},
            classes=classes_of(info),
            truth=chosen.truth,
            reach=REACH,
            frame=frame,
            rows=[
                {
                    "title": AUGMENTED[row[0].place.config.train.augment] if len(shown) > 1 else "",
                    "panels": [panel(each, data, info, chosen) for each in row],
                }
                for row in shown
            ],
        )


def _say(info: DatasetInfo, places: Sequence[Place], row: Found, other: Found, frame: int) -> None:
    """The finding; and before there is one, what to do."""
    if len(row) == len(places):
        show_verdict(info, row, other, frame)
    else:
        start = "" if any(place.net for place in places) else say("classify.press_train_three")
        st.info(
            say("classify.thing_same_thing", start=start),
            icon=":material/open_with:",
        )


def _found(row: Sequence[Shown]) -> Found:
    return [(each.place, found) for each in row if (found := each.found) is not None]
