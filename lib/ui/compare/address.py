"""What Compare shows, kept in the address (so that a link or a reload finds it) and in the session (so that a visit
to another page does not lose it)."""

import streamlit as st


def in_view(name: str) -> str | None:
    """The value of `?name=`; what this session showed last if the address does not say."""
    value = st.query_params.get(name)
    if value is None:
        value = st.session_state.get(f"compare-{name}")
        if value:
            st.query_params[name] = value
    st.session_state[f"compare-{name}"] = value
    return value or None


def show(name: str, value: str | None) -> None:
    """Bring something into view, here and in the address; None for nothing."""
    st.session_state[f"compare-{name}"] = value
    if value:
        st.query_params[name] = value
    else:
        st.query_params.pop(name, None)
