"""What the person at this browser may do: everything where she is alone, what her teacher allows in a class."""

from typing import Any

import streamlit as st

from lib.classroom import the_room
from lib.classroom.allowing import Act
from lib.datasets.owned import NotNow
from lib.ui.setup import session
from lib.ui.words import say
from lib.ui.words.telling import problem_said


def may(act: Act) -> bool:
    """True unless she is in a class that may not just now."""
    room = the_room()
    return room is None or room.may(session.owner(), act)


def say_if_not(act: Act) -> bool:
    """`may`; and if not, one sentence stands where the thing would be."""
    allowed = may(act)
    if not allowed:
        st.info(say("class_bar.not_allowed"), icon=":material/lock:")
    return allowed


def refusal(problem: Exception) -> str:
    """Why the core refused something, in the page's language where a teacher has turned it off."""
    return say("class_bar.not_allowed") if isinstance(problem, NotNow) else problem_said(problem)


def uploader(label: str, **more: Any) -> Any:
    """`st.file_uploader`, where uploads are allowed; else one sentence, and nothing was uploaded."""
    if say_if_not("uploads"):
        return st.file_uploader(label, **_asked("uploads", more))
    return [] if more.get("accept_multiple_files") else None


def camera(label: str, **more: Any) -> Any:
    """`st.camera_input`; what a page took before the teacher turned it off does nothing. `say_if_not` comes before."""
    return st.camera_input(label, **_asked("camera", more)) if may("camera") else None


def _asked(act: Act, more: dict[str, Any]) -> dict[str, Any]:
    """Ask once more when the widget's value comes: its page may be from before the teacher turned it off."""
    act_on = more.get("on_change")
    return more if act_on is None else more | {"on_change": lambda *args: act_on(*args) if may(act) else None}
