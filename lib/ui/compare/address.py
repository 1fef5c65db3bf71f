"""What Compare shows, kept in the address (so that a link or a reload finds it) and in the session (so that a visit
to another page does not lose it)."""

import streamlit as st

from lib.ui.setup import address


def in_view(name: str) -> str | None:
    """The value of `?name=`; what this session showed last if the address does not ask for anything."""
    value = st.query_params.get(name)
    if value is not None and address.asked(name, value):
        st.session_state[_key(name)] = value
    kept: str | None = st.session_state.get(_key(name))
    address.write({name: kept or None})
    return kept or None


def show(name: str, value: str | None) -> None:
    """Bring something into view, here and in the address; None for nothing."""
    st.session_state[_key(name)] = value
    address.write({name: value or None})


def _key(name: str) -> str:
    return f"compare-{name}"
