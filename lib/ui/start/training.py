"""One click on Start: the little net is trained in view, and then reads what is drawn for it."""

import streamlit as st

from lib.models import ShapeError
from lib.runs import Run, TooMuch, get_registry
from lib.ui.components.first_run import first_run
from lib.ui.frame.page import link_to
from lib.ui.net.watching import watched
from lib.ui.setup import session
from lib.ui.setup.controls import start_button
from lib.ui.start import nets
from lib.ui.words import say
from lib.ui.words.telling import problem_said

_PROBLEM = "start-problem"


def show(own: Run | None, about: str) -> None:
    """The button, with what there is to say `about` the ready net; then the run that it started."""
    with st.container(key="first-run-row", horizontal=True, vertical_alignment="center", gap="medium"):
        if own is None:
            start_button(say("start.train_this"), starts="run", type="primary", on_click=_start)
            st.markdown(about)
        else:
            _steer(own)
    if own is not None:
        first_run(key="first-run", run=watched(own), on_state_change=_state_changed)
    if problem := st.session_state.pop(_PROBLEM, None):
        st.error(problem, icon=":material/error:")


def _steer(run: Run) -> None:
    """Stop, or go on, or once more; and where to go from here."""
    if run.has_ended:
        again = nets.first_setup().data.name == run.config.data.name
        start_button(say("start.train_again") if again else say("start.train_this"), starts="run", on_click=_start)
        link_to("diagnose", say("start.see_what_confuses"), ":material/troubleshoot:")
        link_to("look_inside", say("start.look_inside"), ":material/search:")
    elif run.wants_rest:
        st.button(say("start.go"), on_click=run.resume, args=(session.owner(),), type="primary")
    else:
        st.button(say("start.stop"), on_click=_stop, args=(run,))
    link_to("train", say("start.open_train", name=run.name), ":material/play_arrow:")


def _start() -> None:
    try:
        run = get_registry().start(nets.first_setup(), session.owner())
    except (TooMuch, ShapeError, ValueError) as problem:
        st.session_state[_PROBLEM] = problem_said(problem)
        return
    session.show_run(run)
    nets.show(nets.OWN)


def _stop(run: Run) -> None:
    run.stop(session.owner())
    run.wait(0.5)


def _state_changed() -> None:
    """Nothing to do: the rerun that follows draws the buttons for the new state."""
