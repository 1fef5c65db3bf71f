"""The language that a person reads, kept in the address as `?lang=de` and in the session."""

import streamlit as st

from lib.ui import words
from lib.ui.setup import address

_ADDRESS = "lang"


def follow() -> None:
    """Take over the language that the address asks for."""
    wanted = st.query_params.get(_ADDRESS)
    if wanted in words.LANGUAGES and address.asked(_ADDRESS, wanted):
        words.speak(wanted)


def keep() -> None:
    """Put a language that is not the usual one back into the address: going to another page empties it."""
    if words.language() != words.DEFAULT:
        address.write({_ADDRESS: words.language()})


def choose(wanted: str) -> None:
    """Go on in this language, here and in the address."""
    words.speak(wanted)
    address.write({_ADDRESS: wanted})
