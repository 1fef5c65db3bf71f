"""The Shift Lab's button Train the three, and how far training and measuring are."""

from collections.abc import Callable, Sequence

import streamlit as st

from lib.config import RunConfig
from lib.datasets import DatasetInfo
from lib.models import ShapeError
from lib.runs import Run, TooMuch
from lib.runs.time_needed import Estimate
from lib.ui import words
from lib.ui.classify.shift_experiment import progress, start, why_broken
from lib.ui.classify.shift_measure import Measurement
from lib.ui.classify.shift_nets import Place
from lib.ui.classify.shift_panels import Shown
from lib.ui.setup import session
from lib.ui.setup.controls import start_button
from lib.ui.setup.expected import say_how_long
from lib.ui.setup.sizes import split_sizes
from lib.ui.words import text
from lib.ui.words.telling import problem_said

_POLL_SECONDS = 0.5
_PROBLEM = "shift-problem"


def train_button(places: Sequence[Place]) -> None:
    """Start those of the experiment's nets that no run of this machine has trained."""
    missing = [place.config for place in places if place.net is None]
    start_button(
        words.say("classify.train_three"),
        starts="shift-lab",
        type="primary",
        disabled=not missing or any(place.is_learning for place in places),
        on_click=_start,
        args=(missing,),
        help=words.say("classify.three_runs_equal"),
    )


def show_status(
    info: DatasetInfo, places: Sequence[Place], shown: Sequence[Shown], measure: Callable[[Shown], None]
) -> None:
    """One line: how far training or measuring is, with a way out; else what the three cost, or who they are.

    places: the experiment's nets; shown: all nets of the lab
    """
    if problem := st.session_state.pop(_PROBLEM, None):
        st.error(problem, icon=":material/error:")
    for place in places:
        if place.net is None and (said := why_broken(place.config)):
            st.warning(f"{place.title}: {said}", icon=":material/error:")
    runs = [place.net for place in places if isinstance(place.net, Run)]
    titles = [place.title for place in places if isinstance(place.net, Run)]
    under_way = [
        (each.place.title, known) for each in shown if (known := each.measurement) and known.state == "running"
    ]
    left = [each for each in shown if (known := each.measurement) and known.state in ("cancelled", "failed")]
    with st.container(key="shift-status", height=46, border=False, vertical_alignment="center"):
        if any(place.is_learning for place in places):
            st.fragment(_training, run_every=_POLL_SECONDS)(titles, runs)
        elif under_way:
            st.fragment(_measuring, run_every=_POLL_SECONDS)(under_way)
        elif left:
            st.button(
                words.say("classify.measure_maps"), icon=":material/grid_on:", on_click=_measure, args=(left, measure)
            )
        elif any(place.net is None for place in places):
            _say_cost(info, [place.config for place in places if place.net is None])
        else:
            names = ", ".join(run.name for run in runs)
            amount = _amount(info, places[0].config)
            st.caption(words.say("classify.trained_each_another", names=names, amount=amount))


def _training(titles: Sequence[str], runs: Sequence[Run]) -> None:
    for run in runs:
        run.watch()
    if all(run.has_ended for run in runs):
        st.rerun()  # the page goes on with the maps
    known = progress(runs)
    parts = [
        f"{title}: {words.say('classify.done') if run.has_ended else words.say('classify.epoch', now=now, last=last)}"
        for title, run, (now, last) in zip(titles, runs, known["epochs"], strict=True)
    ]
    if known["seconds_left"] is not None:
        parts.append(f"{text.duration(known['seconds_left'])} left")
    mine = [run for run in runs if session.is_mine(run) and not run.has_ended]
    paused = [run for run in mine if run.state == "paused"]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.progress(known["share"], " · ".join(parts))
        if paused:
            st.button(words.say("classify.go"), on_click=_resume, args=(paused,))
        if mine:
            st.button(words.say("classify.cancel"), key="shift-cancel", on_click=_stop, args=(mine,))
        else:
            st.caption(words.say("classify.started_another_browser"), width="content")


def _measuring(under_way: Sequence[tuple[str, Measurement]]) -> None:
    if any(each.state != "running" for _, each in under_way):
        st.rerun()  # one more map to draw
    title, first = max(under_way, key=lambda item: item[1].share)
    said = words.say("classify.measuring_moved_turned", title=title)
    if first.seconds_left is not None:
        said += words.say("classify.left", seconds_left=text.duration(first.seconds_left))
    if len(under_way) > 1:
        said += words.say("classify.then_more", under_way=len(under_way) - 1)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.progress(first.share, said)
        st.button(
            words.say("classify.cancel"),
            key="shift-cancel-maps",
            on_click=_cancel,
            args=([each for _, each in under_way],),
        )


def _say_cost(info: DatasetInfo, configs: Sequence[RunConfig]) -> None:
    """Say how long it will take."""

    def say(known: list[Estimate]) -> tuple[str, None]:
        seconds = sum(each.seconds for each in known)
        return words.say(
            "classify.each_learns_about", info=_amount(info, configs[0]), seconds=text.duration(seconds)
        ), None

    say_how_long("shift-expected", configs, info, say)


def _amount(info: DatasetInfo, config: RunConfig) -> str:
    pictures, _ = split_sizes(config, info)
    epochs = config.train.epochs
    return words.say("classify.amount", pictures=pictures, count=epochs)


def _start(configs: Sequence[RunConfig]) -> None:
    try:
        start(configs, session.owner())
    except (TooMuch, ShapeError, ValueError) as error:
        st.session_state[_PROBLEM] = problem_said(error)


def _stop(runs: Sequence[Run]) -> None:
    for run in runs:
        run.stop(session.owner())
    for run in runs:
        run.wait(2.0)


def _resume(runs: Sequence[Run]) -> None:
    for run in runs:
        run.resume(session.owner())


def _measure(shown: Sequence[Shown], measure: Callable[[Shown], None]) -> None:
    for each in shown:
        measure(each)


def _cancel(measurements: Sequence[Measurement]) -> None:
    for each in measurements:
        each.cancel()
