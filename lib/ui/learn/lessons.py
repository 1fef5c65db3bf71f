"""Lessons to go through, and words to look up."""

import streamlit as st

from lib.ui.learn.glossary import look_up
from lib.ui.lesson import list as lesson_list
from lib.ui.net import inside
from lib.ui.words import say


def show(net: inside.Net) -> None:  # noqa: ARG001  (every section is handed the net)
    """All lessons, and below them the words of the field."""
    st.markdown(say("learn.lessons_sentence"))
    lesson_list.show()
    look_up()
