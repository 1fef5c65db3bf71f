"""Sweep: vary two or three settings together, stop losers early, see the best as a heat map or parallel lines."""

from collections.abc import Mapping
from math import prod
from typing import Any, NamedTuple

import streamlit as st

from lib.datasets import DatasetInfo
from lib.experiments import Coordinator, Experiment, Member, Planned, get_coordinator
from lib.experiments.settings import SETTINGS, Setting
from lib.experiments.sweep import KIND, MOST_RUNS, RULES, Method, has_optuna, plan_sweep
from lib.models import ShapeError
from lib.runs import TooMuch
from lib.runs.test_results import last_accuracy
from lib.ui.compare import address, finals, going
from lib.ui.compare import base as start
from lib.ui.compare.expected import say_how_long
from lib.ui.components.sweep_map import sweep_map
from lib.ui.setup import session
from lib.ui.setup.controls import held, start_button
from lib.ui.words import Said, say, text
from lib.ui.words.telling import SWEPT, capital, problem_said, shown, swept_title, tell

_POLL_SECONDS = 0.7
_AT_ONCE = 4
_MOST_SETTINGS = 3
_METHODS: Mapping[Method, str] = Said(
    {
        "grid": "compare.methods_grid",
        "random": "compare.methods_random",
        "optuna": "compare.methods_optuna",
    }
)
_PROBLEM = "sweep-problem"


class _Asked(NamedTuple):
    planned: list[Planned]
    options: dict[str, Any]
    problem: str | None
    info: DatasetInfo | None = None


def show() -> None:
    """The form on the left, the map on the right."""
    coordinator = get_coordinator()
    sweep = _in_view(coordinator)
    with st.container(key="stack-sweep"):
        left, right = st.columns([0.29, 0.71], gap="medium")
    with left:
        asked = _form(coordinator, sweep)
    with right:
        if sweep is None:
            says = say("compare.press_start_place")
            going.quiet_card(say("compare.best_together"), asked.problem or says)
            if asked.options:
                _map(asked.options, [Member(**each.model_dump()) for each in asked.planned], None)
            _about()
        elif sweep.has_ended:
            _sweep(coordinator, sweep)
        else:
            st.fragment(_live, run_every=_POLL_SECONDS)(sweep.id)


def _in_view(coordinator: Coordinator) -> Experiment | None:
    wanted = address.in_view(KIND)
    found = going.visible(coordinator.find(wanted)) if wanted else None
    if wanted and (found is None or found.kind != KIND):
        address.show(KIND, None)
        st.warning(say("compare.there_no_sweep"), icon=":material/link_off:")
        return None
    return found


# ---- the form ----


def _form(coordinator: Coordinator, sweep: Experiment | None) -> _Asked:
    with st.container(border=True, key="experiment-card", gap="small"):
        asked = _read_form()
        mine = sweep is not None and sweep.owner == session.owner()
        busy = sweep is not None and not sweep.has_ended and mine
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            ready = asked.problem is None and not busy
            start_button(
                say("compare.start"),
                starts="sweep",
                type="primary",
                disabled=not ready,
                on_click=_start,
                args=(coordinator, asked),
            )
            if asked.problem:
                st.caption(f":orange[{asked.problem}]")
            elif not busy:
                _size(asked)
        if problem := st.session_state.pop(_PROBLEM, None):
            st.error(problem, icon=":material/error:")
    going.earlier(coordinator, sweep, KIND, (KIND,), _title)
    return asked


def _title(sweep: Experiment) -> str:
    titles = ", ".join(SWEPT[name] for name in sweep.members[0].values)
    return say("compare.runs_2", titles=capital(titles), members=len(sweep.members))


def _read_form() -> _Asked:
    names: list[str] = held(
        st.multiselect,
        say("compare.vary_two_or"),
        SETTINGS,
        first=["rate", "batch"],
        format_func=swept_title,
        max_selections=_MOST_SETTINGS,
        key="sweep-settings",
    )
    choices = {name: _values_of(name, SETTINGS[name]) for name in names}
    method, trials = _method(choices)
    left, right = st.columns(2, gap="small")
    with left:
        info = start.choose_data("sweep")
    with right:
        config = start.choose_net("sweep")
    size = start.choose_size("sweep", info)
    config = start.on_these(config, info, size, start.choose_epochs("sweep", 5))
    if not 2 <= len(choices) <= _MOST_SETTINGS or any(len(values) < 2 for values in choices.values()):
        return _Asked([], {}, say("compare.choose_two_or"))
    try:
        return _Asked(*plan_sweep(config, choices, method, trials), None, info)
    except ValueError as problem:
        return _Asked([], {}, problem_said(problem))


def _values_of(name: str, setting: Setting) -> list[Any]:
    chosen: list[Any] = held(
        st.multiselect,
        swept_title(name),
        setting.choices,
        first=setting.first,
        format_func=lambda value: shown(name, value),
        key=f"sweep-values-{name}",
    )
    return sorted(chosen, key=setting.choices.index)


def _method(choices: dict[str, list[Any]]) -> tuple[Method, int]:
    """Which combinations are tried, and how many."""
    offered: list[Method] = list(_METHODS) if has_optuna() else ["grid", "random"]
    help_text = None if has_optuna() else say("compare.pip_install_optuna")
    method = held(
        st.segmented_control,
        say("compare.combinations"),
        offered,
        first="grid",
        format_func=_METHODS.__getitem__,
        key="sweep-method",
        required=True,
        help=help_text,
    )
    count = prod(map(len, choices.values()))
    if method == "grid" or count <= 4:
        return method, count
    most = min(count, MOST_RUNS)
    return method, held(
        st.select_slider,
        say("compare.how_many_them"),
        range(4, most + 1),
        first=min(12, most),
        key=f"sweep-trials-{most}",
    )


def _size(asked: _Asked) -> None:
    """How many runs, and how long they take at most; near the best, what they cost shows only on the way."""
    if asked.options["method"] == "optuna" or asked.info is None:
        st.caption(say("compare.runs_at_a_time", count=asked.options["trials"], at_once=_AT_ONCE))
    else:
        say_how_long(asked.planned, asked.info, at_most=True)


def _start(coordinator: Coordinator, asked: _Asked) -> None:
    try:
        sweep = coordinator.start(
            KIND, "Sweep", asked.planned, session.owner(), at_once=_AT_ONCE, options=asked.options
        )
    except (TooMuch, ShapeError, ValueError) as problem:
        st.session_state[_PROBLEM] = problem_said(problem)
    else:
        address.show(KIND, sweep.id)


# ---- what is shown ----


def _live(sweep_id: str) -> None:
    coordinator = get_coordinator()
    coordinator.watch(sweep_id)
    sweep = coordinator.find(sweep_id)
    if sweep is None or sweep.has_ended:
        st.rerun()
    _sweep(coordinator, sweep)


def _sweep(coordinator: Coordinator, sweep: Experiment) -> None:
    going.card(coordinator, sweep, say("compare.best_together"))
    _map(sweep.options, list(sweep.members), sweep)
    _take_up_best(sweep)
    finals.offer(coordinator, sweep, _PROBLEM)
    _about()


def _about() -> None:
    with st.expander(say("compare.how_combinations_chosen")):
        st.markdown("\n".join(["", *[f"- {tell(rule)}" for rule in RULES]]))


def _take_up_best(sweep: Experiment) -> None:
    best = next((m for m in sweep.members if sweep.verdict and m.panel == sweep.verdict.best), None)
    if best is None:
        return
    named = ", ".join(f"{SWEPT[name]} {shown(name, v)}" for name, v in best.values.items())
    st.button(
        say("compare.put_best_into", named=named),
        icon=":material/check:",
        disabled=session.setup() == best.config,
        on_click=lambda: session.change_setup(best.config, undoable=True),
    )


def _map(options: dict[str, Any], members: list[Member], sweep: Experiment | None) -> None:
    choices: dict[str, list[Any]] = options["choices"]
    best = sweep.verdict.best if sweep and sweep.verdict else None
    sweep_map(
        key="sweep-map",
        settings=[
            {"title": swept_title(name), "values": [shown(name, value) for value in values]}
            for name, values in choices.items()
        ],
        runs=[_for_map(choices, member, member.panel == best, sweep is not None) for member in members],
    )


def _for_map(choices: dict[str, list[Any]], member: Member, best: bool, going: bool) -> dict[str, Any]:
    """One run as the map shows it; `going`: False for what is only planned."""
    session, accuracy, note = _standing(member) if going else ("planned", None, say("compare.not_started"))
    places = [choices[name].index(value) for name, value in member.values.items()]
    return {"places": places, "accuracy": accuracy, "state": session, "best": best, "note": note}


def _standing(member: Member) -> tuple[str, float | None, str]:
    """A member's state, its validation accuracy so far, and both in words."""
    if member.is_waiting:
        return "waiting", None, say("compare.waits_turn")
    if member.note:
        return "failed", None, tell(member.note)
    result = member.result
    run = session.find_run(member.run) if result is None and member.run else None
    accuracy = result.valid_accuracy if result else last_accuracy(run) if run else None
    shown = say("compare.validation_accuracy_2", accuracy="–" if accuracy is None else text.percent(accuracy))
    if run:
        return (
            "running",
            accuracy,
            say("compare.in_epoch", epoch=run.status()["epoch"], epochs=member.config.train.epochs, shown=shown),
        )
    if result and result.state == "failed":
        return "failed", accuracy, say("compare.loss_stopped_being" if result.has_diverged else "compare.run_broke_off")
    return ("stopped", accuracy, tell(member.stopped)) if member.stopped else ("done", accuracy, shown)
