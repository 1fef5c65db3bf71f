"""The class on every page: nothing where somebody is alone, or is not in."""

import streamlit as st

from lib.classroom import Room, the_room
from lib.ui.classroom import led
from lib.ui.classroom.callers import student_here, teacher_here, token_of
from lib.ui.components.class_bar import class_bar
from lib.ui.words import DEFAULT, say_in

SCREEN = "screen"  # in the address of Classroom: the tool of the teacher's desk, first of all the wall
_WALL = say_in(DEFAULT, "pages.classroom")
_TO_WALL = "class-to-wall"


def is_class() -> bool:
    """True where this server was started for a class."""
    return the_room() is not None


def depends_on(room: Room) -> str:
    """What students' pages are drawn by: their bars hear of it, and the pages run again where it has changed."""
    budget = room.leaderboard.budget if room.leaderboard.is_open else None
    return " ".join([*room.off, f"board={budget}", f"pictures={room.gathering.data}"])


def show(page: str) -> None:
    """Note that this browser is at the page with this title, and draw its bar; first of all in every page."""
    room = the_room()
    if room is None:
        return
    owner = student_here()
    if teacher_here() is not None:
        goes = st.session_state.pop(_TO_WALL, False)
        if page != _WALL:  # there it is the desk's: on the wall all of it is larger
            if goes:
                led.go_to("classroom")
            show_teacher()
        return
    student = room.student(owner) if owner else None
    if owner is None or student is None or student.state != "in":
        return
    room.seen(owner, page)
    led.follow(room, student, page.lower().replace(" ", "_"))
    class_bar(
        who="student",
        name=student.name,
        token=token_of(st.context.cookies, teacher=False),
        sent=led.handled(room, student),
        rules=depends_on(room),
        sent_here=led.was_sent_here(),
        on_back=led.go_back,
    )


def show_teacher(*, at_desk: bool = False) -> None:
    """Draw a teacher's bar; at_desk: on a page that is hers alone, which nobody is sent to."""
    token = token_of(st.context.cookies, teacher=True)
    class_bar(who="teacher", name="", token=token, at_desk=at_desk, on_wall=to_wall)


def to_wall() -> None:
    """Bring the teacher to the wall with the next run of the page, whatever tool her desk had open."""
    st.session_state[SCREEN], st.session_state[_TO_WALL] = "wall", True
