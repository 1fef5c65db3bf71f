"""What Classroom shows: to a teacher her desk or the projector, to a student her place, to a newcomer the door."""

import streamlit as st

from lib.classroom import the_room
from lib.ui.classroom import desk, projector, student
from lib.ui.classroom.bar import SCREEN
from lib.ui.classroom.callers import teacher_here
from lib.ui.frame.page import head
from lib.ui.words import say


def show() -> None:
    """Draw the screen of whoever is here."""
    room = the_room()
    if room is None:
        head(say("classroom.title"), say("classroom.alone"))
    elif teacher_here() is None:
        student.show(room)
    elif st.query_params.get(SCREEN) == desk.PROJECTOR:
        projector.show(room)
    else:
        desk.show(room)
