"""Figures that a lesson asks for: the pages keep them to themselves until the guess is made."""

from collections.abc import Iterable

import streamlit as st

from lib.lessons import Figure
from lib.ui.words import say

_WITHHELD = "withheld-by-lesson"  # in the session


def withhold(figures: Iterable[Figure]) -> None:
    """Let a lesson's step say what may not be read off the pages now; nothing once its question is answered."""
    st.session_state[_WITHHELD] = sorted(figures)


def is_withheld(figure: Figure) -> bool:
    """True while this is what somebody is asked."""
    return figure in st.session_state.get(_WITHHELD, ())


def say_instead() -> None:
    """Say, in the place of what is withheld, when it comes."""
    st.caption(f":material/visibility_off: {say('lesson.withheld')}")
