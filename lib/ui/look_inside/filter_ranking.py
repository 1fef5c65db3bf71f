"""Which filter costs most if it alone is muted: measured a little at a time, with a way out."""

from collections import OrderedDict
from time import monotonic

import streamlit as st

from lib.explain.surgery import without_each_filter
from lib.ui.components.bar_list import bar_list
from lib.ui.look_inside.patient import Patient
from lib.ui.net import inside
from lib.ui.words import say, text

_RANK = "surgery-rank"  # the layer whose ranking was asked for, until it is there or not wanted any more
_UNDER_WAY = "surgery-under-way"  # what is ranked just now, its generator, and how far it is
_SELDOM = 3_600.0  # seconds between two ticks with nothing to rank: a part that went would leave its clock behind
_TICK = 0.4  # seconds of work between two looks at what the person pressed
# (net, step, layer, pictures) -> accuracy without each filter; a classroom looks at the same few nets.
_ranked: OrderedDict[tuple[str, int, str, int], list[float]] = OrderedDict()
_MOST_RANKED = 64


def show_ranking(net: inside.Net, copy: Patient, layer: str, pictures: int, whole: float) -> None:
    """Show the list if it is known; else a button that makes it, with progress and a way out.

    whole: the accuracy with all filters
    """
    known = (net.id, copy.step, layer, pictures)
    wanted = known not in _ranked and st.session_state.get(_RANK) == layer
    st.fragment(_rank, run_every=0.05 if wanted else _SELDOM)(known if wanted else None, net, copy)
    if wanted:
        return
    if known not in _ranked:
        st.button(
            say("look_inside.rank_filters", layer=layer),
            icon=":material/format_list_numbered:",
            on_click=lambda: st.session_state.update({_RANK: layer}),
            help=say("look_inside.mutes_each_one"),
        )
        return
    losses = sorted(((whole - left, index) for index, left in enumerate(_ranked[known])), reverse=True)
    bar_list(
        key="surgery-ranking",
        title=say("look_inside.filters_by_accuracy", layer=layer),
        note=say("look_inside.each_muted_alone", pictures=pictures, whole=text.percent(whole)),
        rows=[
            {
                "label": f"filter {index + 1}",
                "values": [loss],
                "texts": [f"{-loss * 100:+.1f} points".replace("-", "−")],
            }
            for loss, index in losses
        ],
    )


def _rank(known: tuple[str, int, str, int] | None, net: inside.Net, copy: Patient) -> None:
    """Measure the net without each filter, a little at a time: a press during a run would wait until it has ended."""
    if known is None:
        return
    _, _, layer, pictures = known
    if st.session_state.get(_RANK) != layer:  # cancelled
        st.rerun()
    if st.session_state.get(_UNDER_WAY, {}).get("known") != known:
        parts = without_each_filter(copy.before, layer, net.dataset.test, pictures)
        st.session_state[_UNDER_WAY] = {"known": known, "parts": parts, "share": 0.0}
    work = st.session_state[_UNDER_WAY]
    said = say("look_inside.muting_one_filter", layer=layer)
    with st.container(horizontal=True, vertical_alignment="center"):
        bar = st.progress(work["share"], said)
        st.button(say("look_inside.cancel"), key="surgery-cancel", on_click=_stop_ranking)
    until = monotonic() + _TICK
    try:
        while True:
            work["share"] = next(work["parts"])
            bar.progress(work["share"], said)
            if monotonic() > until:
                return
    except StopIteration as stop:
        _ranked[known] = stop.value
    while len(_ranked) > _MOST_RANKED:
        _ranked.popitem(last=False)
    _stop_ranking()
    st.rerun()


def _stop_ranking() -> None:
    for name in (_RANK, _UNDER_WAY):
        st.session_state.pop(name, None)
