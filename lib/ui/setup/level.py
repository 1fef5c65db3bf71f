"""For whom the pages are: at school, less is on them; what a link or a lesson asks for is there all the same.

The address says it (`?level=school`), for a link to keep; without it everything is shown.
"""

import streamlit as st

from lib.lessons import Level
from lib.lessons.controls import Control
from lib.ui.setup import address

NAME = "level"  # in the address, and in the session
WHOLE: Level = "university"
LEVELS: tuple[Level, ...] = ("school", WHOLE)
# What school does without: controls by their names, and views by the page's key in the address.
CONTROLS: frozenset[Control] = frozenset({"precision", "weight_decay", "schedule", "seed"})
VIEWS: dict[str, frozenset[str]] = {
    "view": frozenset({"surgery", "backwards"}),
    "compare-view": frozenset({"finder", "sweep"}),
    "section": frozenset({"iteration", "cost"}),
}


def follow() -> None:
    """Take over what the address asks for, and keep it there: going to another page empties it."""
    wanted = st.query_params.get(NAME)
    if wanted in LEVELS and address.asked(NAME, wanted):
        st.session_state[NAME] = wanted
    address.write({NAME: None if is_whole() else chosen()})


def chosen() -> Level:
    """For whom this session shows its pages."""
    for_them: Level = st.session_state.get(NAME, WHOLE)
    return for_them


def is_whole() -> bool:
    """True where nothing is left out."""
    return chosen() == WHOLE


def choose(wanted: Level) -> None:
    """Go on for these people, here and in the address."""
    st.session_state[NAME] = wanted
    address.write({NAME: None if is_whole() else wanted})


def without_controls() -> frozenset[str]:
    """The controls that are not for these people."""
    return frozenset() if is_whole() else CONTROLS


def is_for_them(key: str, view: str) -> bool:
    """Whether a view of the page that keeps its view as `key` is for these people, or is asked for by name."""
    asked = (st.session_state.get(key), st.query_params.get(key))
    return is_whole() or view not in VIEWS.get(key, ()) or view in asked
