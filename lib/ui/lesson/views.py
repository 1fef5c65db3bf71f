"""Which view of its page a lesson's step plays in."""

from collections.abc import Mapping

import streamlit as st

from lib.lessons import Step

# Where a page keeps its view: the address, and the session, call it so.
_KEYS = {"look_inside": "view", "classify": "classify-view", "data": "data-view", "learn": "section"}
ARRIVED = "lesson-arrived"  # the session began with the lesson in its address
_SEEN = "lesson-view-seen"  # the step that was turned to last
_TURNED = "lesson-turned-view"


def turn_to(lesson: str, step: Step) -> None:
    """Open the step's view, once: whoever looks at another one then stays there, and so does a reload."""
    here, key = [lesson, step.id], _KEYS.get(step.page)
    if here == st.session_state.get(_SEEN):
        return
    st.session_state[_SEEN] = here
    reloaded = st.session_state.pop(ARRIVED, False) and key is not None and key in st.query_params
    if key and step.view and not reloaded:
        st.session_state[key], st.session_state[_TURNED] = step.view, key


def choose_view(key: str, titles: Mapping[str, str], usual: str, label: str = "View") -> str:
    """Let the person choose one of a page's views, `titles` by name; kept in the address as `key`."""
    if st.session_state.get(key, usual) not in titles:  # a lesson may name a view that there is not
        del st.session_state[key]
    view: str | None = st.segmented_control(
        label,
        list(titles),
        default=_usual(key, usual),
        format_func=titles.__getitem__,
        key=key,
        bind="query-params",
        label_visibility="collapsed",
        required=True,
    )
    return view or usual


def _usual(key: str, name: str) -> str | None:
    """The view that a page opens with; None where a lesson has just chosen one: Streamlit wants one or the other."""
    return None if st.session_state.pop(_TURNED, None) == key else name
