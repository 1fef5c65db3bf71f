"""Which view of its page a lesson's step plays in."""

from collections.abc import Mapping

import streamlit as st

from lib.lessons import Step
from lib.ui.setup import level
from lib.ui.setup.controls import held_in_address
from lib.ui.words import in_all_languages, say

# Where a page keeps its view: the address, and the session, call it so.
_KEYS = {"look_inside": "view", "classify": "classify-view", "data": "data-view", "learn": "section", "labs": "lab"}
ARRIVED = "lesson-arrived"  # the session began with the lesson in its address
_SEEN = "lesson-view-seen"  # the step that was turned to last


def turn_to(lesson: str, step: Step) -> None:
    """Open the step's view, once: whoever looks at another one then stays there, and so does a reload."""
    here, key = [lesson, step.id], _KEYS.get(step.page)
    if here == st.session_state.get(_SEEN):
        return
    st.session_state[_SEEN] = here
    reloaded = st.session_state.pop(ARRIVED, False) and key is not None and key in st.query_params
    if key and step.view and not reloaded:
        st.session_state[key] = step.view


def choose_view(key: str, titles: Mapping[str, str], usual: str) -> str:
    """Let the person choose one of a page's views; its name is kept in the address as `key`.

    titles: the word that each is called by, by name; older links have that word, in any language, in place of the name
    """
    known_as = {title: name for name, word in titles.items() for title in in_all_languages(word)}
    view: str | None = held_in_address(
        st.segmented_control,
        say("views.view"),
        [name for name in titles if level.is_for_them(key, name)],
        key=key,
        first=usual,
        known_as=known_as,
        format_func=lambda name: say(titles[name]),
        label_visibility="collapsed",
        required=True,
    )
    return view or usual
