"""Which net Start lights through: one of the ready ones, or the one that somebody trains here."""

import streamlit as st

from lib.config import RunConfig
from lib.models import preset
from lib.runs import Run
from lib.training import has_numbers
from lib.ui.frame.page import READY, choose_ready, chosen_ready, ready
from lib.ui.net.inside import Net
from lib.ui.setup import session
from lib.ui.setup.controls import held
from lib.ui.words import say

OWN = "own"
_CHOICE = "start-net"
_KNOWN = "start-own"  # the id of the run that has been brought into view
_SMALL = "small-cnn"


def first_setup() -> RunConfig:
    """What Start's button trains: the layers of the ready net that is chosen, on its pictures."""
    return preset(_SMALL, ready(_ships()).config.data.name)


def own_run() -> Run | None:
    """The run in view, if it is of this browser and of the kind that Start's button starts; however it was started."""
    run = session.current_run()
    kinds = {(net.config.data.name, net.config.model) for net in map(ready, READY)}
    if run is None or not session.is_mine(run) or (run.config.data.name, run.config.model) not in kinds:
        return None
    return run


def show(name: str) -> None:
    """Light this net through from now on."""
    st.session_state[_CHOICE] = name
    if name in READY:
        choose_ready(name)


def choose_net(own: Run | None) -> Net:
    """Let the person choose between the ready nets and their own, and return it.

    Their own comes into view by itself as soon as there is one.
    """
    names = {name: say("start.reads", what=say(f"frame.{READY[name]}")) for name in READY} | (
        {OWN: say("start.your_own_net")} if own else {}
    )
    if own is None:
        st.session_state[_CHOICE] = _ships()
    elif own.id != st.session_state.get(_KNOWN):
        st.session_state[_CHOICE], st.session_state[_KNOWN] = OWN, own.id
    held(
        st.segmented_control,
        say("start.net"),
        names,
        first=_ships(),
        format_func=names.__getitem__,
        key=_CHOICE,
        on_change=lambda: show(st.session_state[_CHOICE]),
        required=True,
        label_visibility="collapsed",
    )
    if own is not None and st.session_state[_CHOICE] == OWN and _can_answer(own):
        return own
    return ready(_ships())


def _ships() -> str:
    """The net that other pages look into, if it is one that ships; Start lights no other through."""
    return chosen if (chosen := chosen_ready()) in READY else next(iter(READY))


def _can_answer(run: Run) -> bool:
    """Not where its weights are lost, or no numbers any more: its card says what became of it."""
    if run.status()["step"] and run.weights() is None:
        return False
    return has_numbers(run.model()[1])
