"""After a sweep: its best trained again from seeds that took no part in it, to tell whether the best is chance."""

import streamlit as st

from lib.datasets.catalogue import info as dataset_info
from lib.experiments import Coordinator, Experiment, Planned
from lib.experiments.designs import ALL_KINDS, FINALISTS, from_seeds
from lib.experiments.sweep import finalists
from lib.models import ShapeError
from lib.runs import TooMuch
from lib.ui.compare import address
from lib.ui.compare.expected import AS_MANY_AS_FIT, say_how_long, seeds_of
from lib.ui.setup import session
from lib.ui.setup.controls import start_button
from lib.ui.words import say
from lib.ui.words.telling import problem_said


def offer(coordinator: Coordinator, sweep: Experiment, problem_key: str) -> None:
    """Offer it, and say how long it takes; what stands in its way is said by whoever looks at `problem_key`."""
    planned = finalists(sweep) if sweep.verdict else []
    if len(planned) < 2:
        return
    info = dataset_info(planned[0].config.data.name)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        start_button(
            say("compare.chance_train_best", planned=len(planned)),
            starts="finals",
            on_click=_start,
            args=(coordinator, planned, problem_key),
            disabled=not info.available,
        )
        if info.available:
            say_how_long(planned, info, AS_MANY_AS_FIT, panels=len(planned), key="finals-expected")


def _start(coordinator: Coordinator, planned: list[Planned], problem_key: str) -> None:
    kind, info = ALL_KINDS[FINALISTS], dataset_info(planned[0].config.data.name)
    several = from_seeds(planned, seeds_of(planned, AS_MANY_AS_FIT, info))
    try:
        finals = coordinator.start(FINALISTS, kind.title, several, session.owner(), at_once=kind.at_once)
    except (TooMuch, ShapeError, ValueError) as problem:
        st.session_state[problem_key] = problem_said(problem)
    else:
        address.show("experiment", finals.id)
        st.session_state["compare-view"] = "experiments"
