"""A run gets a name and a note of its owner's; others read both."""

from collections.abc import Sequence
from contextlib import suppress

import streamlit as st

from lib.pictures.names import LONGEST_NAME
from lib.runs import NameTaken, NotYours, Run
from lib.runs.names import LONGEST_NOTE
from lib.ui.setup import session
from lib.ui.setup.controls import held
from lib.ui.words import say, text
from lib.ui.words.telling import problem_said

_PROBLEM = "naming-problem"


def offer(runs: Sequence[Run], key: str) -> None:
    """A menu that names those of `runs` that are one's own, one at a time; nothing where none is."""
    mine = {run.id: run for run in runs if session.is_mine(run)}
    if not mine:
        return
    with st.popover(say("run_name.offer"), icon=":material/edit:", key=f"{key}-popover"):
        run = next(iter(mine.values()))
        if len(mine) > 1:
            names = {run_id: each.name for run_id, each in mine.items()}
            run = mine[
                held(st.selectbox, say("run_name.which"), names, format_func=names.__getitem__, key=f"{key}-which")
            ]
        _fields(run, key)


def show_note(run: Run) -> None:
    """What its owner noted about a run, as she typed it."""
    if run.note:
        st.caption(f":material/sticky_note_2: {text.literal(run.note)}")


def _fields(run: Run, key: str) -> None:
    name, note = f"{key}-name-{run.id}", f"{key}-note-{run.id}"
    st.session_state[name], st.session_state[note] = run.own_name, run.note
    held(
        st.text_input,
        say("run_name.name"),
        key=name,
        placeholder=run.first_name,
        max_chars=4 * LONGEST_NAME,
        help=say("run_name.help", most=LONGEST_NAME),
        on_change=_rename,
        args=(run, name),
    )
    if problem := st.session_state.pop(_PROBLEM, None):
        st.warning(problem, icon=":material/badge:")
    held(
        st.text_area,
        say("run_name.note"),
        key=note,
        placeholder=say("run_name.note_example"),
        max_chars=LONGEST_NOTE,
        height=90,
        on_change=_write_note,
        args=(run, note),
    )
    if run.own_name:
        st.button(say("run_name.clear", name=run.first_name), icon=":material/undo:", on_click=_clear, args=(run,))
    st.caption(say("run_name.who_sees"))


def _rename(run: Run, key: str) -> None:
    try:
        run.rename(st.session_state[key], session.owner())
    except NameTaken as taken:
        st.session_state[_PROBLEM] = say("run_name.taken", name=text.literal(str(taken)))
    except NotYours as problem:
        st.session_state[_PROBLEM] = problem_said(problem)


def _write_note(run: Run, key: str) -> None:
    with suppress(NotYours):  # the field is not there
        run.write_note(st.session_state[key], session.owner())


def _clear(run: Run) -> None:
    with suppress(NotYours):
        run.rename("", session.owner())
