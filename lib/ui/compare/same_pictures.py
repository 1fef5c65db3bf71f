"""Two runs side by side on the same test pictures: what each alone has right, and whether that is chance."""

from collections.abc import Sequence

import streamlit as st

from lib.datasets import DatasetUnavailable
from lib.experiments import answers
from lib.runs import Run
from lib.ui.compare import difference
from lib.ui.words import say
from lib.ui.words.telling import problem_said, sentences

_SAID = "same-pictures"  # (the ids of two runs, what was found)


def show(runs: Sequence[Run]) -> None:
    """Offer to ask the two of `runs` that have ended the same pictures, and say what came of it; else nothing."""
    if len(runs) != 2 or not all(run.has_weights and run.state == "finished" for run in runs):
        return
    first, second = runs
    if not answers.same_test(first, second):
        st.caption(say("compare.these_two_runs"))
        return
    ids = first.id, second.id
    known = st.session_state.get(_SAID)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="same-pictures"):
        if known is None or known[0] != ids:
            st.button(say("compare.ask_both_same"), icon=":material/balance:", on_click=_ask, args=(first, second))
            st.caption(say("compare.one_accuracy_beside"))
        else:
            st.markdown(known[1])
    if known is not None and known[0] == ids:
        _show_difference(runs)


def _show_difference(runs: Sequence[Run]) -> None:
    try:
        first, second = (difference.asked(run) for run in runs)
    except DatasetUnavailable:
        return
    if first is not None and second is not None:
        difference.show(runs, (first, second))


def _ask(first: Run, second: Run) -> None:
    try:
        right = answers.right_answers(first), answers.right_answers(second)
    except DatasetUnavailable as problem:
        said = problem_said(problem)
    else:
        said = say("compare.cannot_be_asked")
        if right[0] is not None and right[1] is not None:
            said = sentences(answers.said_of(f"“{first.name}”", f"“{second.name}”", answers.beside(right[0], right[1])))
    st.session_state[_SAID] = ((first.id, second.id), said)
