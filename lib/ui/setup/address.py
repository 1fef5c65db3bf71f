"""What a page's address says and what the session knows: which of the two is the newer one.

A browser sends its address along with everything that is done, and on a slow machine that is one which the page has
written anew meanwhile. Such a late address asks for nothing; a link, a reload and the back button do.

Two more parts go to and fro in the address, out of sight (lib/ui/frame/assets/history.js). Back and Forward are
numbered by the browser: Streamlit's own word of them is lost where a message overtakes theirs, or ends the rerun that
they brought about before it has read the address. And what a page writes says which page that is: it may come to a
browser that is still at another one.
"""

from collections.abc import Mapping
from typing import Any
from weakref import WeakKeyDictionary

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

PLACE = "place"  # the part of the address that says which page has written it
TURN = "turn"  # ... and which Back or Forward was the last
_HERE = "address-place"
_ARRIVED = "address-turn"  # the newest of them that a whole rerun has followed
_SAID = "address-said"  # name -> what the address said, and then all that was written and not yet sent back
_MOST = 50
_written: WeakKeyDictionary[object, set[str]] = WeakKeyDictionary()


def asked(name: str, value: Any) -> bool:
    """True if the person asks for this `value` of the address's part `name`, by a link or by going back."""
    if 0 < _turn() < _followed():
        return False  # sent before the person went back
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


def expect(parts: Mapping[str, str]) -> None:
    """Somebody is sent to an address with these parts: they are asked for, also where she was there before."""
    for said in st.session_state.get(_SAID, {}).values():
        said[:] = [each for each in said if not _is_of(parts, each)]


def _is_of(parts: Mapping[str, str], each: Any) -> bool:
    """True if what was noted is made of these parts: one of them, some by their names, or several in a row."""
    if isinstance(each, dict):
        return each == {name: parts.get(name) for name in each}
    return each is not None and set(each if isinstance(each, list) else [each]) <= set(parts.values())


def is_back() -> bool:
    """True in the rerun that the browser's back or forward button brought about, and in those that took its place."""
    return _turn() > _followed()


def is_at(page: str) -> None:
    """This rerun is that of the page whose address ends so; "" for Start."""
    st.session_state[_HERE] = page


def arrived() -> None:
    """The whole page has run: what Back asked for was read everywhere."""
    st.session_state[_ARRIVED] = max(_turn(), _followed())


def _followed() -> int:
    number: int = st.session_state.get(_ARRIVED, 0)
    return number


def _turn() -> int:
    written = st.query_params.get(TURN, "")
    return int(written) if len(written) < 10 and written.isdecimal() else 0


def write(parts: Mapping[str, str | None], *, again: bool = False) -> None:
    """Change these parts of the address (None: without it) at once: Streamlit makes an entry of every single write.

    again: also where they stand there already; a link to the very page it is on leaves the browser's address as it was
    """
    present = st.query_params.to_dict()
    for name, value in parts.items():
        wrote(name, value)
    wanted = {name: value for name, value in {**present, **parts}.items() if value is not None}
    if wanted != present or again:
        st.query_params.from_dict(wanted | ({PLACE: st.session_state[_HERE]} if _HERE in st.session_state else {}))
