"""The teacher's desk: the wall, and beside it what she sends, shows, allows, asks and takes home."""

import streamlit as st

from lib.classroom import Room
from lib.ui.classroom import allowing, asking, bar, readiness, sending, showing, taking_home, together
from lib.ui.classroom.bar import SCREEN
from lib.ui.classroom.callers import token_of
from lib.ui.components.class_wall import class_wall
from lib.ui.frame.page import head
from lib.ui.setup.controls import held_in_address
from lib.ui.words import say

PROJECTOR = "projector"  # in the address, for SCREEN
_AGAIN_SECONDS = 1.0
TOOLS = {
    "send": sending.show, "show": showing.show, "ask": asking.show, "together": together.show, "allow": allowing.show,
    "ready": readiness.show, "home": taking_home.show,
}  # fmt: skip


def show(room: Room) -> None:
    """Draw the tool that is chosen; first of all the wall."""
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        head(say("classroom.title"), say("classroom.teacher_head"))
        st.link_button(say("classroom.to_projector"), f"/classroom?{SCREEN}={PROJECTOR}", icon=":material/co_present:")
    screen = held_in_address(
        st.segmented_control,
        say("class_desk.tools"),
        ["wall", *TOOLS],
        key=SCREEN,
        first="wall",
        format_func=lambda name: say(f"class_desk.tool_{name}"),
        label_visibility="collapsed",
        required=True,
    )
    token = token_of(st.context.cookies, teacher=True)
    if screen == "wall":
        class_wall(token=token)
    else:
        bar.show_teacher(at_desk=True)
        with st.container(key="class-desk", gap="medium"):
            # Each is one part of the page, which looks again by itself: whatever is pressed in it, or happens in the
            # class, may change any of what it shows. So none has parts of its own, and none has the page run again.
            st.fragment(TOOLS[screen], run_every=_AGAIN_SECONDS)(room, token)
