"""Controls that a link (`?hide=optimizer,precision`) or a lesson's step leaves out."""

import streamlit as st

from lib.classroom import the_room
from lib.lessons.controls import CONTROLS, all_but, path_of, read_names
from lib.ui.serve.browser import owner_of
from lib.ui.setup import address, level
from lib.ui.words import say

_HIDE = "hide"  # the address name, and the session's


def follow() -> list[str]:
    """Take over what the address hides, or put it back there; returns sentences about names that are none."""
    present = st.query_params.get(_HIDE)
    if present is None:
        if kept := st.session_state.get(_HIDE):  # another page, or the address was written anew
            address.write({_HIDE: kept})
        return []
    if address.asked(_HIDE, present):
        st.session_state[_HIDE] = present
    _, unknown = read_names(st.session_state.get(_HIDE, ""))
    if not unknown:
        return []
    words = ", ".join(f"“{word[:40]}”" for word in unknown[:5])
    return [say("lesson.unknown_control", words=words, names=", ".join(CONTROLS))]


def is_asked() -> bool:
    """True if the address itself leaves controls out."""
    return bool(st.session_state.get(_HIDE) or st.query_params.get(_HIDE))


def show_only(names: tuple[str, ...] | None) -> None:
    """Let a lesson's step say which controls are seen; None: all."""
    st.session_state["shown-by-lesson"] = None if names is None else list(names)


def hidden() -> frozenset[str]:
    """The controls that are left out now, by the link, by the lesson, by the level, and by a teacher."""
    by_link, _ = read_names(st.session_state.get(_HIDE, ""))
    room, owner = the_room(), owner_of(st.context.cookies) or ""
    by_teacher = frozenset() if room is None or room.is_teachers(owner) else frozenset(CONTROLS) & set(room.off)
    shown: list[str] | None = st.session_state.get("shown-by-lesson")
    return by_link | by_teacher | level.without_controls() | (frozenset() if shown is None else all_but(shown))


def is_hidden(*paths: str) -> bool:
    """True if all the set-up's values at these paths ("train.optimizer") have their controls left out."""
    without = {path_of(name) for name in hidden()}
    return all(path in without for path in paths)
