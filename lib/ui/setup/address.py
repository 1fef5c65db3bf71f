"""What a page's address says and what the session knows: which of the two is the newer one.

A browser sends its address along with everything that is done, and on a slow machine that is one which the page has
written anew meanwhile. Such a late address asks for nothing; a link, a reload and the back button do.
"""

from collections.abc import Mapping
from typing import Any
from weakref import WeakKeyDictionary

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

_SAID = "address-said"  # name -> what the address said, and then all that was written and not yet sent back
_MOST = 50
_written: WeakKeyDictionary[object, set[str]] = WeakKeyDictionary()


def asked(name: str, value: Any) -> bool:
    """True if the person asks for this `value` of the address's part `name`, by a link or by going back."""
    said: list[Any] = st.session_state.setdefault(_SAID, {}).setdefault(name, [])
    if is_back() and value != (said[-1] if said else None):
        said[:] = [value]
        return True
    if value in said:
        if name not in _written_now():  # else it is what a press has just written, and no browser has sent it yet
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
        _written_now().add(name)


def _written_now() -> set[str]:
    """The parts of the address that this very rerun has written so far."""
    rerun = getattr(get_script_run_ctx(), "parallel_coordinator", None)  # there is a new one for each
    return set() if rerun is None else _written.setdefault(rerun, set())


def is_back() -> bool:
    """True in the rerun that the browser's back or forward button brought about."""
    context = get_script_run_ctx()
    return context is not None and context.is_history_navigation


def write(parts: Mapping[str, str | None], *, again: bool = False) -> None:
    """Change these parts of the address (None: without it) at once: Streamlit makes an entry of every single write.

    again: also where they stand there already; a link to the very page it is on leaves the browser's address as it was
    """
    present = st.query_params.to_dict()
    for name, value in parts.items():
        wrote(name, value)
    wanted = {name: value for name, value in {**present, **parts}.items() if value is not None}
    if wanted != present or again:
        st.query_params.from_dict(wanted)
