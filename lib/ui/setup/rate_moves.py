"""The learning rate that was moved while a run trained: that run has it, not only the next one."""

import streamlit as st

from lib.runs import NotYours, Run, get_registry
from lib.ui.setup import session

_MOVED = "moved-rate"  # in the session: the run, and to what


def move_rate(run: Run, rate: float) -> None:
    """Have a run under way go on with another learning rate."""
    try:
        get_registry().doors.steer(run, rate, session.owner())
    except NotYours:  # her teacher has turned it off, and the set-up was put back, with a sentence
        return
    st.session_state[_MOVED] = [run.id, rate]


def moved_rate(run: Run) -> float | None:
    """The rate that was last moved to while this run trained, if any."""
    run_id, rate = st.session_state.get(_MOVED) or (None, None)
    return rate if run_id == run.id else None
