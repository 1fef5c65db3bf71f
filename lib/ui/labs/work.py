"""Long work of the labs: a button that begins it, then its bar with the time left and Cancel, then what was found."""

import logging
from collections.abc import Callable
from typing import Any

import streamlit as st

from lib.ui.net.background import Background, Parts, Work
from lib.ui.setup.controls import start_button
from lib.ui.words import say, text

logger = logging.getLogger(__name__)

Key = tuple[Any, ...]
_POLL_SECONDS = 0.5

_works: Background[Any] = Background(
    "lab", 60, least_share=0.03, when_broken=lambda: logger.exception("the work of a lab broke off"), told=(ValueError,)
)


def done(key: Key) -> Any | None:
    """What the work of this name found; None if it is not done."""
    work = _works.get(key)
    return work.found if work is not None and work.state == "done" else None


def get_ready(name: str, parts: Callable[[], Parts[Any]]) -> None:
    """Do, once and behind the page, what the lab `name` would make its first visitor wait for."""
    _works.begin(("ready", name), parts)


def result_of(
    name: str, key: Key, parts: Callable[[], Parts[Any]], label: str, said: str, note: str = ""
) -> Any | None:
    """What the work `key` found. Before that the button `label` that begins it, then its bar with Cancel.

    name: of its place on the page; said: beside the bar; note: beside the button. Belongs into a fragment or a page
    that may be run anew.
    """
    found = done(key)
    if found is not None:
        return found
    work = _works.get(key)
    if work is not None and work.state == "running":
        st.fragment(_bar, run_every=_POLL_SECONDS)(name, work, said)
        return None
    with st.container(horizontal=True, vertical_alignment="center", key=f"work-{name}"):
        start_button(label, starts=name, icon=":material/play_arrow:", on_click=_pressed, args=(key, parts))
        if work is not None and work.state == "failed":
            st.caption(work.why or say("labs.broke_off"))
        elif work is not None:
            st.caption(say("labs.cancelled"))
        elif note:
            st.caption(note)
    return None


def _pressed(key: Key, parts: Callable[[], Parts[Any]]) -> None:
    _works.begin(key, parts)


def _bar(name: str, work: Work[Any], said: str) -> None:
    if work.state != "running":
        st.rerun()
    left = work.seconds_left
    with st.container(horizontal=True, vertical_alignment="center", key=f"work-{name}"):
        st.progress(
            min(max(work.share, 0.0), 1.0),
            said if left is None else say("labs.left", said=said, left=text.duration(left)),
        )
        st.button(say("labs.cancel"), key=f"cancel-{name}", on_click=work.cancel)
