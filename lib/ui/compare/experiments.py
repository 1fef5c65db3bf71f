"""One-click experiments: choose what to compare, watch the runs side by side, read the verdict."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from lib.datasets.catalogue import info as dataset_info
from lib.experiments import Coordinator, Experiment, Member, Verdict, get_coordinator
from lib.experiments.designs import ALL_KINDS, KINDS, from_seeds
from lib.experiments.outcome import RULES
from lib.models import ShapeError
from lib.runs import TooMuch
from lib.training import guessing_loss
from lib.ui.compare import address, going, results
from lib.ui.compare.expected import say_how_long, seeds_of
from lib.ui.compare.form import ALIKE, QUESTIONS, TITLES, Asked, experiment_form
from lib.ui.compare.names import panel_names, word_of
from lib.ui.components.small_multiples import small_multiples
from lib.ui.setup import session
from lib.ui.setup.controls import held, start_button
from lib.ui.words import say
from lib.ui.words.telling import problem_said, tell

_POLL_SECONDS = 0.7
_PROBLEM = "experiment-problem"


def show() -> None:
    """The form on the left; on the right the experiment in view, or what would be trained."""
    coordinator = get_coordinator()
    experiment = _in_view(coordinator)
    with st.container(key="stack-experiment"):
        left, right = st.columns([0.29, 0.71], gap="medium")
    with left:
        asked = _form(coordinator, experiment)
        going.earlier(coordinator, experiment, "experiment", ALL_KINDS, lambda each: TITLES[each.kind])
    with right:
        if experiment is None:
            _preview(asked)
        elif experiment.has_ended:
            _experiment(coordinator, experiment)
        else:
            st.fragment(_live, run_every=_POLL_SECONDS)(experiment.id)


def _in_view(coordinator: Coordinator) -> Experiment | None:
    wanted = address.in_view("experiment")
    if wanted is None:
        return None
    found = going.visible(coordinator.find(wanted))
    if found is None or found.kind not in ALL_KINDS:
        address.show("experiment", None)
        st.warning(say("compare.there_no_experiment"), icon=":material/link_off:")
        return None
    return found


# ---- the form ----


def _form(coordinator: Coordinator, experiment: Experiment | None) -> Asked:
    if experiment is not None and experiment.kind in KINDS:
        st.session_state["experiment-kind"] = experiment.kind
    with st.container(border=True, key="experiment-card", gap="small"):
        kind = held(
            st.radio,
            say("compare.experiment"),
            list(KINDS),
            format_func=TITLES.__getitem__,
            key="experiment-kind",
            on_change=address.show,
            args=("experiment", None),
            label_visibility="collapsed",
        )
        asked = experiment_form(kind)
        mine = experiment is not None and experiment.owner == session.owner()
        busy = experiment is not None and not experiment.has_ended and mine
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            ready = not busy and not asked.problem
            start_button(
                say("compare.start"),
                starts="experiment",
                type="primary",
                disabled=not ready,
                on_click=_start,
                args=(coordinator, asked),
            )
            if asked.problem:
                st.caption(f":orange[{asked.problem}]")
            elif not busy:
                say_how_long(asked.planned, asked.info, asked.seeds, panels=len(asked.planned))
        if problem := st.session_state.pop(_PROBLEM, None):
            st.error(problem, icon=":material/error:")
    return asked


def _start(coordinator: Coordinator, asked: Asked) -> None:
    kind = KINDS[asked.kind]
    planned = from_seeds(asked.planned, seeds_of(asked.planned, asked.seeds, asked.info))
    try:
        experiment = coordinator.start(
            asked.kind, kind.title, planned, session.owner(), at_once=kind.at_once, options=asked.options
        )
    except (TooMuch, ShapeError, ValueError) as problem:
        st.session_state[_PROBLEM] = problem_said(problem)
    else:
        address.show("experiment", experiment.id)


# ---- what is shown ----


def _live(experiment_id: str) -> None:
    coordinator = get_coordinator()
    coordinator.watch(experiment_id)
    experiment = coordinator.find(experiment_id)
    if experiment is None or experiment.has_ended:
        st.rerun()
    _experiment(coordinator, experiment)


def _experiment(coordinator: Coordinator, experiment: Experiment) -> None:
    going.card(coordinator, experiment, QUESTIONS[experiment.kind])
    _panels(experiment.kind, experiment.members, experiment)
    results.show(experiment)
    _about(experiment.kind)


def _preview(asked: Asked) -> None:
    says = say("compare.press_start_these")
    going.quiet_card(QUESTIONS[asked.kind], says if asked.planned else asked.problem or "")
    _panels(asked.kind, [Member(**each.model_dump()) for each in asked.planned], None)
    _about(asked.kind)


def _about(kind: str) -> None:
    with st.expander(say("compare.what_equal_how")):
        st.markdown("\n".join(["", f"- {ALIKE[kind]}", *[f"- {tell(rule)}" for rule in RULES[kind]]]))


def _panels(kind: str, members: Sequence[Member], experiment: Experiment | None) -> None:
    if not members:
        return
    config = members[0].config
    info = dataset_info(config.data.name)
    unit, longest = results.axis_of(kind, members)
    verdict = experiment.verdict if experiment else None
    names = panel_names(kind, members)
    small_multiples(
        key="experiment-panels",
        panels=[
            _panel(kind, name, group, verdict, experiment is not None) | {"name": names[name]}
            for name, group in _grouped(members).items()
        ],
        unit=unit,
        longest=longest,
        guess_loss=guessing_loss(len(info.classes), config.train.loss),
        guess_accuracy=1 / len(info.classes),
        first="loss" if kind == "rates" else "accuracy",
        valid_name="validation" if config.data.valid_fraction else "test",
    )


def _panel(kind: str, name: str, group: Sequence[Member], verdict: Verdict | None, going: bool) -> dict[str, Any]:
    """`going`: False for what is only planned."""
    panel: dict[str, Any] = {
        "note": results.note_of(kind, group[0]),
        "runs": [each.run for each in group] if going else [],
    }
    if trouble := next((each.note for each in group if each.note), None):
        panel["note"] = tell(trouble)
    if verdict and (judged := verdict.panels.get(name)):
        panel |= {"word": word_of(judged.word), "reason": tell(judged.reason)}
        panel |= {"tone": results.TONES.get(judged.word, "level")}
    return panel


def _grouped(members: Sequence[Member]) -> dict[str, list[Member]]:
    found: dict[str, list[Member]] = {}
    for member in members:
        found.setdefault(member.panel, []).append(member)
    return found
