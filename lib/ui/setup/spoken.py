"""The language that a person reads: the browser's at first, then what the address says (`?lang=de`) or she chooses."""

import streamlit as st

from lib.ui import words
from lib.ui.setup import address

_ADDRESS = "lang"


def follow() -> None:
    """Take over the language that the address asks for; on the first visit, without one, the browser's."""
    wanted = st.query_params.get(_ADDRESS)
    if wanted is not None and words.is_spoken(wanted) and address.asked(_ADDRESS, wanted):
        words.speak(wanted)
    elif not words.has_language():
        words.speak(words.nearest(st.context.locale))


def keep() -> None:
    """Put the language into the address, so that whoever gets it reads the same: going to another page empties it."""
    address.write({_ADDRESS: words.language()})


def choose(wanted: str) -> None:
    """Go on in this language, here and in the address."""
    words.speak(wanted)
    address.write({_ADDRESS: wanted})
