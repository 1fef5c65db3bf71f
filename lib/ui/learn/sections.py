"""Which sections Learn has, and which of them the address asks for."""

from collections.abc import Callable

import streamlit as st

from lib.ui.learn import clusters, cost, descent, iteration, lessons, loss, neurons
from lib.ui.net import inside
from lib.ui.setup import address, level, spoken
from lib.ui.setup.controls import held
from lib.ui.words import DEFAULT, LANGUAGES, language, say

SECTIONS: dict[str, Callable[[inside.Net], None]] = {
    "lessons": lessons.show,
    "neurons": neurons.show,
    "loss": loss.show,
    "descent": descent.show,
    "iteration": iteration.show,
    "cost": cost.show,
    "clusters": clusters.show,
}
_ADDRESS = "section"  # the session's name for it too


def choose_section() -> str:
    """Let the person choose a section, and the language; both are kept in the address."""
    section = _follow()
    spoken.keep()
    st.session_state["section-choice"] = section
    st.session_state["language-choice"] = language() if language() in LANGUAGES else DEFAULT
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", key="sections"):
        held(
            st.segmented_control,
            say("learn.section"),
            [name for name in SECTIONS if level.is_for_them(_ADDRESS, name)],
            format_func=lambda name: say(f"learn.{name}"),
            key="section-choice",
            on_change=_go,
            wrap=True,
            required=True,
            label_visibility="collapsed",
        )
        held(
            st.segmented_control,
            say("learn.language"),
            LANGUAGES,
            format_func=LANGUAGES.__getitem__,
            key="language-choice",
            on_change=lambda: spoken.choose(st.session_state["language-choice"]),
            required=True,
            label_visibility="collapsed",
        )
    return section


def _follow() -> str:
    """The section that a new address names; else the one of the session, which a lesson may have changed meanwhile."""
    wanted = st.query_params.get(_ADDRESS)
    if wanted in SECTIONS and address.asked(_ADDRESS, wanted):
        st.session_state[_ADDRESS] = wanted
        address.write({_ADDRESS: wanted}, again=True)
    if st.session_state.get(_ADDRESS) not in SECTIONS:  # a lesson may name one that there is not
        st.session_state[_ADDRESS] = next(iter(SECTIONS))
    section: str = st.session_state[_ADDRESS]
    if wanted not in (None, section):
        address.write({_ADDRESS: section})
    return section


def _go() -> None:
    chosen = st.session_state["section-choice"]
    st.session_state[_ADDRESS] = chosen
    address.write({_ADDRESS: chosen})
