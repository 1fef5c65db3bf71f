"""What a page's address says and what the session knows: which of the two is the newer one.

A browser sends its address along with everything that is done, and on a slow machine that is one which the page has
written anew meanwhile. Such a late address asks for nothing; a link, a reload and the back button do.
"""

from collections.abc import Mapping
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

_SAID = "address-said"  # name -> what the address said, and then all that was written and not yet sent back
_MOST = 50


def asked(name: str, value: Any) -> bool:
    """True if the person asks for this `value` of the address's part `name`, by a link or by going back."""
    said: list[Any] = st.session_state.setdefault(_SAID, {}).setdefault(name, [])
    if is_back() and value != (said[-1] if said else None):
        said[:] = [value]
        return True
    if value in said:
        del said[: said.index(value)]  # the browser has come this far
        return False
    said[:] = [value]
    return True


def wrote(name: str, value: Any) -> None:
    """Note what a page puts into the address's part `name`."""
    said: list[Any] = st.session_state.setdefault(_SAID, {}).setdefault(name, [])
    if not said or said[-1] != value:
        said.append(value)
        del said[:-_MOST]


def is_back() -> bool:
    """True in the rerun that the browser's back or forward button brought about."""
    context = get_script_run_ctx()
    return context is not None and context.is_history_navigation


def write(parts: Mapping[str, str | None]) -> None:
    """Change these parts of the address (None: without it) at once: Streamlit makes an entry of every single write."""
    present = st.query_params.to_dict()
    for name, value in parts.items():
        wrote(name, value)
    wanted = {name: value for name, value in {**present, **parts}.items() if value is not None}
    if wanted != present:
        st.query_params.from_dict(wanted)
