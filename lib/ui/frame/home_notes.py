"""What people have to be told of the home: that nothing is being kept, and what was rescued."""

from datetime import datetime
from typing import Any

import streamlit as st

from lib.home import in_words
from lib.runs import get_registry
from lib.runs.store import LostRow

_AGAIN_SECONDS = 2.0

_WHY = {
    "damaged": "The list of runs was damaged.",
    "later": "The list of runs was written by a later version of Glasshouse.",
    "missing": "The list of runs was gone.",
}


def show() -> None:
    """Say it on top of the page; nothing as long as all is well."""
    if get_registry().unkept is not None:
        st.fragment(_unkept, run_every=_AGAIN_SECONDS)()
    for note in get_registry().notes():
        if isinstance(note.get("rescued"), dict):
            _rescued(note["number"], note["rescued"])


def _unkept() -> None:
    """One banner; it goes by itself when everything is being kept again."""
    unkept = get_registry().unkept
    if unkept is None:
        st.success("Everything is being kept again, also what was published meanwhile.", icon=":material/check:")
        return
    st.error(
        f"**Nothing is being kept since {datetime.fromtimestamp(unkept.since):%H:%M:%S}.** "
        f"{in_words(unkept.failure)} Training goes on, and what it publishes waits in memory until then.",
        icon=":material/cloud_off:",
    )


def _rescued(number: int, told: dict[str, Any]) -> None:
    with st.container(key=f"note-{number}"):
        st.warning(rescue_in_words(told), icon=":material/healing:")
        st.button("I have read it", key=f"read-note-{number}", on_click=get_registry().forget_note, args=(number,))


def rescue_in_words(told: dict[str, Any]) -> str:
    """What was rescued, and where the old file lies."""
    runs, found = int(told.get("runs", 0)), int(told.get("found_again", 0))
    parts = [_WHY.get(str(told.get("why")), _WHY["damaged"])]
    if runs:
        carried = "run was" if runs == 1 else "runs were"
        parts.append(f"{runs} {carried} carried over, with {told.get('entries', 0):,} entries of their curves.")
    if found:
        again = "run was" if found == 1 else "runs were"
        parts.append(f"{found} {again} found again by the saved weights.")
    if not runs and not found:
        parts.append("No run could be had back.")
    if told.get("kept"):
        parts.append(f"The old file is kept as `{told['kept']}`.")
    return " ".join(parts)


def lost_in_words(rows: list[LostRow]) -> str | None:
    """Which of the newest runs cannot be shown, and why; None if all can."""
    foreign = ", ".join(row.name or row.id for row in rows if row.foreign)
    damaged = ", ".join(row.name or row.id for row in rows if not row.foreign)
    parts = [f"Made by another version of Glasshouse, and kept: {foreign}."] if foreign else []
    parts += [f"Damaged, and not to be read: {damaged}."] if damaged else []
    return " ".join(parts) or None
