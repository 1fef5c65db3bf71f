"""The right side of Train, and the buttons: start a run, steer it, watch it."""

from collections.abc import Callable, Mapping

import streamlit as st

from lib.config import RunConfig
from lib.datasets import DatasetInfo
from lib.models import ShapeError, nearest_preset
from lib.runs import NotYours, Run, TooMuch, get_registry
from lib.runs.estimate import Estimate
from lib.runs.recording import recorded_run, recorded_runs
from lib.runs.tested import last_accuracy
from lib.ui.components.run_monitor import run_monitor
from lib.ui.frame import home_notes
from lib.ui.net.watched import watched
from lib.ui.serve.stream import PLOTLY_URL
from lib.ui.setup import session
from lib.ui.setup.controls import start_button
from lib.ui.setup.expected import say_how_long
from lib.ui.setup.moved_rate import moved_rate
from lib.ui.train import take_away
from lib.ui.train.published import published_table
from lib.ui.words import text

_MONITOR = "monitor"


def buttons(config: RunConfig, info: DatasetInfo, works: bool) -> None:
    """Train, Pause or Resume, Step, Stop; each is there always and awake when it can do something."""
    run = session.current_run()
    mine = run is not None and session.is_mine(run)
    active = run is not None and mine and not run.has_ended
    ready = works and info.available
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="run-buttons"):
        start_button("Train", starts="run", type="primary", disabled=active or not ready, on_click=_start)
        if run and active and run.wants_rest:
            st.button("Resume", on_click=_wish, args=(run.resume, run))
        else:
            st.button("Pause", disabled=not active, on_click=_wish, args=(run.pause, run) if run else ())
        if run and active:
            st.button("Step", on_click=_wish, args=(run.step, run), help="One batch, one update, then pause.")
        else:
            start_button(
                "Step", starts="run", disabled=not ready, on_click=_start, args=(True,), help="One batch, one update."
            )
        st.button("Stop", disabled=not active, on_click=_wish, args=(run.stop, run) if run else ())
        if run and not mine and not run.has_ended:
            st.caption("You are watching: this run was started in another browser.")
        elif ready and not active:
            say_how_long("expected", [config], info, _expected)
        elif run and config != run.config:
            st.caption(_said_of_changes(run, config))
    with st.container(horizontal=True, vertical_alignment="center", gap="medium", key="run-more"):
        if not active:
            _offer_recorded(config, run)
        take_away.buttons(run)
    if problem := st.session_state.pop("problem", None):
        st.error(problem, icon=":material/error:")


def _said_of_changes(run: Run, config: RunConfig) -> str:
    """Which run a change is for: the rate that was moved meanwhile is this one's too, the rest is not."""
    if moved_rate(run) != config.train.learning_rate:
        return "The run keeps its own set-up; your changes are for the next one."
    now = f"This run goes on with a learning rate of {text.rate(config.train.learning_rate)}, marked on its curve"
    rate = {"learning_rate": config.train.learning_rate}
    same = config == run.config.model_copy(update={"train": run.config.train.model_copy(update=rate)})
    return f"{now}." if same else f"{now}; your other changes are for the next one."


def _offer_recorded(config: RunConfig, shown: Run | None) -> None:
    """Lead to the recorded run of the preset that this is, unless it is in view."""
    recorded = recorded_run(nearest_preset(config))
    if recorded and recorded is not shown and recorded.config.data.name == config.data.name:
        go, icon = session.show_run, ":material/history:"
        st.button("See the recorded run", type="tertiary", icon=icon, on_click=go, args=(recorded,))


def _expected(known: list[Estimate]) -> tuple[str, str]:
    (run,) = known
    others = f", {run.others} {'others' if run.others > 1 else 'other'} in line" if run.others else ""
    shared = "The runs that take turns now are counted; more" if run.others else "Other runs share the machine and"
    return (
        f"about {text.duration(run.seconds)} on this machine{others}",
        f"{text.duration(run.seconds_per_epoch)} an epoch, about {run.memory_mb:,.0f} MB, measured a moment ago with a "
        f"few real steps. {shared} make it longer.",
    )


def monitor(config: RunConfig) -> None:
    """Show the run in view live; before there is one, the axes go as far as the epochs that are set."""
    run = session.current_run()
    shown = None if run is None else watched(run)
    epochs = 5 if config.train.time_budget else config.train.epochs
    run_monitor(key=_MONITOR, run=shown, epochs=epochs, plotly_url=PLOTLY_URL, on_state_change=_state_changed)


def choose_run() -> None:
    """Offer the newest runs of this machine, and the recorded ones."""
    with st.container(key="run-lists", gap="xxsmall"):
        _run_list("Runs on this machine", {run.name: run for run in session.newest_runs(12)})
        if lost := home_notes.lost_in_words(get_registry().lost(12)):
            st.caption(f":material/broken_image: {lost}")
        recorded = [*recorded_runs().values(), *take_away.brought()]
        _run_list("Recorded runs", {text.PRESET_TITLES.get(run.recording.name, run.name): run for run in recorded})
    with st.expander("What the articles report, and what these runs measured", type="compact"):
        published_table()


def _run_list(title: str, runs: Mapping[str, Run]) -> None:
    if not runs:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.caption(title, width="content")
        for name, run in runs.items():
            accuracy = last_accuracy(run)
            label = name if accuracy is None else f"{name} · {text.percent(accuracy)}"
            label += " · damaged in part" if run.log.lost else ""
            st.button(label, key=f"open-{run.id}", type="tertiary", on_click=session.show_run, args=(run,))


def _start(stepping: bool = False) -> None:
    try:
        session.show_run(get_registry().start(session.setup(), session.owner(), stepping=stepping))
    except (TooMuch, ShapeError, ValueError) as error:
        st.session_state["problem"] = str(error)


def _wish(wish: Callable[[str], None], run: Run) -> None:
    try:
        wish(session.owner())
    except NotYours as problem:
        st.session_state["problem"] = str(problem)
        return
    run.wait(0.5, "paused" if wish.__name__ != "resume" else "running")


def _state_changed() -> None:
    """Nothing to do: the rerun that follows draws the buttons for the new state."""
