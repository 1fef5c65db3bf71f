"""What a teacher has turned off and a set-up has otherwise: it is put back, and the page says so once."""

import streamlit as st

from lib.classroom import the_room
from lib.config import RunConfig
from lib.ui.words import say

_NAMES = "put-back"  # in the session: controls whose values the class keeps, until the page has said so


def as_the_class_may(config: RunConfig, owner: str) -> RunConfig:
    """The set-up with the class's values where its own are not allowed just now; they are noted for `sentence`."""
    room = the_room()
    if room is None or not room.off or not (names := room.not_now(owner, config)):
        return config
    st.session_state[_NAMES] = list(names)
    return room.as_allowed(owner, config)


def sentence() -> str | None:
    """What was put back since this was asked last, if anything."""
    if not (names := st.session_state.pop(_NAMES, None)):
        return None
    return say("class_bar.put_back", names=", ".join(say(f"class_desk.control_{name}") for name in names))
