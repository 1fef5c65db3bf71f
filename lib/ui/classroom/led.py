"""Going where the teacher sends: at once, in the same session, and back again."""

from collections.abc import Mapping
from types import MappingProxyType

import streamlit as st

from lib.classroom import Room, Student
from lib.config import RunConfig
from lib.ui.frame.page import PAGES
from lib.ui.setup import address, session
from lib.ui.words import language

_HANDLED = "class-sent"  # in the session: the number that brought it here last
_BEFORE = "class-before"  # where she was, and with which set-up
_BACK = "class-go-back"


def follow(room: Room, student: Student, page: str) -> None:
    """Go to what was sent to her and this session has not followed yet, or back from it; `page`: by its file's name."""
    before = st.session_state.get(_BEFORE)
    if st.session_state.pop(_BACK, False) and before is not None:
        del st.session_state[_BEFORE]
        if before["setup"] is not None:
            session.change_setup(RunConfig.model_validate_json(before["setup"]), undoable=True)
        go_to(before["page"])
    if before is not None and page != before["sent_to"]:
        st.session_state.pop(_BEFORE)  # she went on by herself
        before = None
    sent = room.sending.newest_for(student)
    if sent is None or sent.number <= handled(room, student):
        return
    st.session_state[_HANDLED] = room.sending.followed[student.key] = sent.number
    kept = before if before is not None and sent.followed else {"page": page, "setup": st.session_state.get("setup")}
    st.session_state[_BEFORE] = {**kept, "sent_to": sent.page}
    address.expect(dict(sent.parts))
    go_to(sent.page, dict(sent.parts))


def handled(room: Room, student: Student) -> int:
    """The number of what this session has followed last; a reload begins where the browser was."""
    number: int = st.session_state.setdefault(_HANDLED, room.sending.followed.get(student.key, 0))
    return number


def was_sent_here() -> bool:
    """True while she is on the page that the teacher brought her to."""
    return _BEFORE in st.session_state


def go_back() -> None:
    """Bring her back with the next run of the page, to where she was and with the set-up that she had."""
    st.session_state[_BACK] = True


def go_to(page: str, parts: Mapping[str, str] = MappingProxyType({})) -> None:
    """Open a page, by its file's name, in the same session and language; what follows is not drawn."""
    st.switch_page(PAGES / f"{page}.py", query_params={**parts, "lang": language()})
