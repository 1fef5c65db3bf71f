"""A page for the back row: one switch makes everything as large as a projector needs it, here and on every page.

The address says it (`?projector=on`), for a link to keep; the browser does the rest (`frame/projector.css`).
"""

import streamlit as st

from lib.ui.setup import address

NAME = "projector"  # in the address, and in the session


def follow() -> None:
    """Take over what the address asks for, and keep it there: going to another page empties it."""
    wanted = st.query_params.get(NAME)
    if wanted is not None and address.asked(NAME, wanted):
        st.session_state[NAME] = is_meant(wanted)
    address.write({NAME: "on" if is_on() else None})


def is_on() -> bool:
    """Whether this session shows its pages to a whole room."""
    return bool(st.session_state.get(NAME))


def is_meant(wanted: str) -> bool:
    """Whether an address means it: `?projector` alone does."""
    return wanted != "off"


def switch() -> None:
    """Turn it on, or off again."""
    st.session_state[NAME] = not is_on()
    address.write({NAME: "on" if is_on() else None})
