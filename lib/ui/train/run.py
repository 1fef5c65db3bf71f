"""The right side of Train, and the buttons: start a run, steer it, watch it."""

from collections.abc import Callable, Sequence

import streamlit as st

from lib.config import RunConfig
from lib.datasets import DatasetInfo
from lib.models import ShapeError, nearest_preset
from lib.nets.recording import recorded_run, recorded_runs
from lib.runs import NotYours, Run, TooMuch, get_registry
from lib.runs.test_results import last_accuracy
from lib.runs.time_needed import Estimate
from lib.training import guessing_loss
from lib.training.batches import steps_per_epoch
from lib.ui.components.run_monitor import run_monitor
from lib.ui.frame import home_notes
from lib.ui.net.watching import awaited, watched
from lib.ui.serve.stream import PLOTLY_URL
from lib.ui.setup import allowed, naming, session
from lib.ui.setup.controls import start_button
from lib.ui.setup.expected import say_how_long
from lib.ui.setup.rate_moves import moved_rate
from lib.ui.setup.sizes import split_sizes
from lib.ui.setup.withheld import is_withheld, say_instead
from lib.ui.train import take_away
from lib.ui.train.published import published_table
from lib.ui.words import number, percent, say, text
from lib.ui.words.telling import problem_said

_MONITOR = "monitor"


def buttons(config: RunConfig, info: DatasetInfo, works: bool) -> None:
    """Train, Pause or Resume, Step, Stop; each is there always and awake when it can do something."""
    run = session.current_run()
    mine = run is not None and session.is_mine(run)
    active = run is not None and mine and not run.has_ended
    ready = works and info.available
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="run-buttons"):
        start_button(say("train.train"), starts="run", type="primary", disabled=active or not ready, on_click=_start)
        if run and active and run.wants_rest:
            st.button(say("train.resume"), on_click=_wish, args=(run.resume, run))
        else:
            st.button(say("train.pause"), disabled=not active, on_click=_wish, args=(run.pause, run) if run else ())
        if run and active:
            st.button(say("train.step"), on_click=_wish, args=(run.step, run), help=say("train.one_batch_one"))
        else:
            start_button(
                say("train.step"),
                starts="run",
                disabled=not ready,
                on_click=_start,
                args=(True,),
                help=say("train.one_batch_one_update"),
            )
        st.button(say("train.stop"), disabled=not active, on_click=_wish, args=(run.stop, run) if run else ())
        if run and not mine and not run.has_ended:
            st.caption(say("train.you_watching_run"))
        elif ready and not active:
            if is_withheld("duration"):
                say_instead()
            else:
                say_how_long("expected", [config], info, _expected)
        elif run and config != run.config:
            st.caption(_said_of_changes(run, config))
    with st.container(horizontal=True, vertical_alignment="center", gap="medium", key="run-more"):
        if not active:
            _offer_recorded(config, run)
        take_away.buttons(run)
        if run and run.has_ended:
            naming.offer([run], "train-naming")
    if run:
        naming.show_note(run)
    if problem := st.session_state.pop("problem", None):
        st.error(problem, icon=":material/error:")


def _said_of_changes(run: Run, config: RunConfig) -> str:
    """Which run a change is for: the rate that was moved meanwhile is this one's too, the rest is not."""
    if moved_rate(run) != config.train.learning_rate:
        return say("train.run_keeps_own")
    now = say("train.run_goes_learning", learning_rate=text.rate(config.train.learning_rate))
    rate = {"learning_rate": config.train.learning_rate}
    same = config == run.config.model_copy(update={"train": run.config.train.model_copy(update=rate)})
    return f"{now}." if same else say("train.your_other_changes", now=now)


def _offer_recorded(config: RunConfig, shown: Run | None) -> None:
    """Lead to the recorded run of the preset that this is, unless it is in view."""
    recorded = None if is_withheld("recorded") else recorded_run(nearest_preset(config))
    if recorded and recorded is not shown and recorded.config.data.name == config.data.name:
        go, icon = session.show_run, ":material/history:"
        st.button(say("train.see_recorded_run"), type="tertiary", icon=icon, on_click=go, args=(recorded,))


def _expected(known: list[Estimate]) -> tuple[str, str]:
    (run,) = known
    others = say("train.in_line", count=run.others) if run.others else ""
    shared = say("train.runs_take_turns") if run.others else say("train.other_runs_share")
    return (
        say("train.about_machine", seconds=text.duration(run.seconds), others=others),
        say(
            "train.epoch_about_mb",
            seconds_per_epoch=text.duration(run.seconds_per_epoch),
            memory_mb=run.memory_mb,
            shared=shared,
        ),
    )


def monitor(config: RunConfig, info: DatasetInfo) -> None:
    """Show the run in view live; before there is one, what it would set out from, and how far it would go."""
    run = session.current_run()
    shown = None if run is None else watched(run)
    before = awaited(config, _setting_out(config, info)) if run is None else None
    run_monitor(key=_MONITOR, run=shown, before=before, plotly_url=PLOTLY_URL, on_state_change=_state_changed)


def _setting_out(config: RunConfig, info: DatasetInfo) -> list[tuple[str, str]]:
    """What stands in the monitor's tiles before a run: what guessing gives, and what there is to do."""
    train, (pictures, _) = config.train, split_sizes(config, info)
    classes = len(info.classes)
    iterations = train.epochs * steps_per_epoch(pictures, train.batch_size)
    told = [
        (say("train.before_accuracy"), percent(1 / classes)),
        (say("train.before_loss"), number(guessing_loss(classes, train.loss), ".2f")),
        (say("train.before_epochs"), number(train.epochs)),
        (say("train.before_pictures"), number(pictures)),
        (say("train.before_iterations"), number(iterations)),
    ]
    if train.time_budget:
        told[2] = say("train.before_limit"), text.duration(train.time_budget)
    if train.time_budget or is_withheld("iterations"):
        told[4] = say("train.before_batch"), number(train.batch_size)
    return told


def choose_run() -> None:
    """Offer the newest runs of this machine, and the recorded ones."""
    with st.container(key="run-lists", gap="xxsmall"):
        _run_list(say("train.runs_machine"), [(run.name, run) for run in session.newest_runs(12)])
        if lost := home_notes.lost_in_words(get_registry().lost(12)):
            st.caption(f":material/broken_image: {lost}")
        if is_withheld("recorded"):  # a recording would answer what a lesson asks
            return
        recorded = [*recorded_runs().values(), *take_away.brought()]
        _run_list(
            say("train.recorded_runs"),
            [(text.PRESET_TITLES.get(run.recording.name, run.name), run) for run in recorded],
        )
    with st.expander(say("train.what_articles_report"), type="compact"):
        published_table()


def _run_list(title: str, runs: Sequence[tuple[str, Run]]) -> None:
    if not runs:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.caption(title, width="content")
        for name, run in runs:
            accuracy = last_accuracy(run)
            label = name if accuracy is None else f"{name} · {text.percent(accuracy)}"
            label += say("train.damaged_part") if run.log.lost else ""
            st.button(label, key=f"open-{run.id}", type="tertiary", on_click=session.show_run, args=(run,))


def _start(stepping: bool = False) -> None:
    try:
        session.show_run(get_registry().start(session.setup(), session.owner(), stepping=stepping))
    except (TooMuch, ShapeError, ValueError) as error:
        st.session_state["problem"] = problem_said(error)


def _wish(wish: Callable[[str], None], run: Run) -> None:
    try:
        wish(session.owner())
    except NotYours as problem:
        st.session_state["problem"] = allowed.refusal(problem)
        return
    run.wait(0.5, "paused" if wish.__name__ != "resume" else "running")


def _state_changed() -> None:
    """Nothing to do: the rerun that follows draws the buttons for the new state."""
