"""The gallery of labs, and the frame of each: a question, hands on, and what was found."""

from pathlib import Path

import streamlit as st

from lib.ui.labs import work
from lib.ui.labs.needs import lacking
from lib.ui.labs.table import LABS, Lab
from lib.ui.net.inside import Net
from lib.ui.setup.controls import held, held_in_address
from lib.ui.words import say

_STYLE = Path(__file__).with_name("labs.css")
_ALL = "all"
_KEY = "lab"


def show(net: Net) -> None:
    """All labs as pictures to press, or the one that was pressed."""
    st.html(f"<style>{_STYLE.read_text(encoding='utf-8')}</style>")
    chosen = held_in_address(
        st.selectbox,
        say("labs.which"),
        [_ALL, *LABS],
        key=_KEY,
        first=_ALL,
        format_func=lambda name: say("labs.all") if name == _ALL else say(f"lab_{name}.title"),
        label_visibility="collapsed",
        width=300,
    )
    if chosen == _ALL:
        _show_all()
    else:
        _show_one(LABS[chosen], net)


def _show_all() -> None:
    with st.container(horizontal=True, key="lab-gallery", gap="medium"):
        for lab in LABS.values():
            with st.container(key=f"lab-card-{lab.name}", gap=None, width=250):
                st.html(f'<img class="gh-lab-picture" alt="" src="{lab.picture}">')
                st.button(say(f"lab_{lab.name}.title"), key=f"open-{lab.name}", on_click=_open, args=(lab.name,))
                st.caption(say(f"lab_{lab.name}.question"))
    for lab in LABS.values():
        if lab.ahead is not None:
            work.get_ready(lab.name, lab.ahead)


def _open(name: str) -> None:
    st.session_state[_KEY] = name


def _show_one(lab: Lab, net: Net) -> None:
    part = f"lab_{lab.name}"
    with st.container(key="lab-question", gap="small"):
        st.header(say(f"{part}.title"), anchor=False)
        st.markdown(say(f"{part}.question"))
        guess = held(
            st.pills,
            say("labs.guess"),
            (1, 2, 3),
            format_func=lambda number: say(f"{part}.guess_{number}"),
            key=f"guess-{lab.name}",
            first=None,
        )
    if said := lacking(net, lab.needs):
        st.info(said, icon=":material/science:")
    elif said is None:
        lab.show(net)
    with st.expander(say("labs.found"), expanded=guess is not None, icon=":material/lightbulb:"):
        st.markdown(say(f"{part}.found"))
