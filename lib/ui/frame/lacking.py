"""A set-up for pictures of somebody's own that are not here: it waits for their file, and applies once it comes."""

import streamlit as st

from lib.ui.setup import arrival, session, waiting
from lib.ui.words import say
from lib.ui.words.text import literal

_CAME = "lacking-came"  # in the session: what came, until the page has shown it
_ANOTHER = "lacking-another"  # in the session: the title of a set that came, and is not the one


def show() -> str | None:
    """On pages that edit the set-up: which pictures are missing, and the way in for their file.

    Returns what other pages say of it.
    """
    if said := st.session_state.pop(_CAME, None):
        st.success(said, icon=":material/check_circle:")
    wanted = waiting.wanted()
    if wanted is None:
        return None
    with st.container(border=True, key="lacking", gap="small"):
        st.markdown(f":material/photo_library: {say('own.lacks', name=wanted.data.name)}")
        if title := st.session_state.pop(_ANOTHER, None):
            st.warning(say("own.lacks_another", title=title), icon=":material/photo_library:")
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            with st.popover(say("own.lacks_open"), icon=":material/folder_open:"):
                came = arrival.bring("lacking")
            st.button(
                say("own.lacks_without"), type="tertiary", on_click=waiting.keep, args=(None,), key="lacks-without"
            )
    if came is not None:
        if session.at_hand(wanted) is None:
            st.session_state[_ANOTHER] = literal(came.title)
        else:
            st.session_state[_CAME] = arrival.told(came)
        st.rerun()
    return waiting.notice(wanted)
