"""What people have to be told of the home: that nothing is being kept, and what was rescued."""

from datetime import datetime
from typing import Any

import streamlit as st

from lib.home import HomeFailure, in_words
from lib.runs import get_registry
from lib.runs.store import LostRow
from lib.ui.words import Said, say

_AGAIN_SECONDS = 2.0

_WHY = Said(
    {
        "damaged": "frame.why_damaged",
        "later": "frame.why_later",
        "missing": "frame.why_missing",
    }
)


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
        st.success(say("frame.everything_being_kept"), icon=":material/check:")
        return
    st.error(
        say(
            "frame.nothing_being_kept",
            since=datetime.fromtimestamp(unkept.since),
            failure=failure_in_words(unkept.failure),
        ),
        icon=":material/cloud_off:",
    )


def _rescued(number: int, told: dict[str, Any]) -> None:
    with st.container(key=f"note-{number}"):
        st.warning(rescue_in_words(told), icon=":material/healing:")
        st.button(
            say("frame.i_have_read"), key=f"read-note-{number}", on_click=get_registry().forget_note, args=(number,)
        )


def failure_in_words(failure: HomeFailure) -> str:
    """`in_words`, in the language of whoever looks."""
    if failure.code == "taken":  # while the server starts: no page is there to say it on
        return in_words(failure)
    key = failure.code.replace(" ", "_").replace("-", "_")
    return say(f"frame.home_{key}", path=failure.path, detail=failure.detail)


def rescue_in_words(told: dict[str, Any]) -> str:
    """What was rescued, and where the old file lies."""
    runs, found = int(told.get("runs", 0)), int(told.get("found_again", 0))
    parts = [_WHY.get(str(told.get("why")), _WHY["damaged"])]
    if runs:
        parts.append(say("frame.carried_over", count=runs, entries=told.get("entries", 0)))
    if found:
        parts.append(say("frame.found_again", count=found))
    if not runs and not found:
        parts.append(say("frame.no_run_could"))
    if told.get("kept"):
        parts.append(say("frame.old_file", name=told["kept"]))
    return " ".join(parts)


def lost_in_words(rows: list[LostRow]) -> str | None:
    """Which of the newest runs cannot be shown, and why; None if all can."""
    foreign = ", ".join(row.name or row.id for row in rows if row.foreign)
    damaged = ", ".join(row.name or row.id for row in rows if not row.foreign)
    parts = [say("frame.made_by_another", foreign=foreign)] if foreign else []
    parts += [say("frame.damaged_not_be", damaged=damaged)] if damaged else []
    return " ".join(parts) or None
