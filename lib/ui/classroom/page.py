"""What Classroom shows: to a teacher the wall, to a student her place, to a newcomer the door."""

import streamlit as st

from lib.classroom import the_room
from lib.ui.classroom import projector, student
from lib.ui.classroom.callers import teacher_here, token_of
from lib.ui.components.class_wall import class_wall
from lib.ui.frame.page import head
from lib.ui.words import say

_SCREEN, _PROJECTOR = "screen", "projector"  # in the address


def show() -> None:
    """Draw the screen of whoever is here."""
    room = the_room()
    if room is None:
        head(say("classroom.title"), say("classroom.alone"))
    elif teacher_here() is None:
        student.show(room)
    elif st.query_params.get(_SCREEN) == _PROJECTOR:
        projector.show(room)
    else:
        _wall()


def _wall() -> None:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        head(say("classroom.title"), say("classroom.teacher_head"))
        st.link_button(
            say("classroom.to_projector"), f"/classroom?{_SCREEN}={_PROJECTOR}", icon=":material/co_present:"
        )
    class_wall(token=token_of(st.context.cookies, teacher=True))
