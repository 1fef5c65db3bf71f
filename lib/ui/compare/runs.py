"""Several runs beside each other: curves, costs, set-ups. The chosen ones stand in the address, `?runs=a,b,c`."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from lib.datasets.catalogue import info as dataset_info
from lib.datasets.catalogue import list_datasets
from lib.models import summarize
from lib.nets.recording import recorded_runs
from lib.runs import Run, get_registry
from lib.runs.test_results import last_accuracy
from lib.training import guessing_loss
from lib.ui.compare import address, clear_away, same_pictures
from lib.ui.compare.setups import settings_of
from lib.ui.components import heard
from lib.ui.components.cost_scatter import cost_scatter
from lib.ui.components.overlay_curves import overlay_curves
from lib.ui.components.setup_table import setup_table
from lib.ui.serve.stream import PLOTLY_URL
from lib.ui.setup import allowed, naming, session
from lib.ui.setup.controls import held
from lib.ui.words import say, text
from lib.ui.words.field import title_of

MOST = 8  # curves that can be told apart
_NEWEST = 60
_FIRST = ("recorded-article-cnn-fast", "recorded-dense-286k", "recorded-two-layer-sigmoid")
_NONE = "-"  # in the address: no run is chosen
_PICKED, _REMOVED, _DOOMED = "compare-picked", "compare-removed", "compare-doomed"


def show() -> None:
    """Choose runs, see their curves over each other, and what they cost and how they differ."""
    known = {info.name for info in list_datasets()}  # of others not even the classes can be told
    newest = [run for run in session.newest_runs(_NEWEST) if run.config.data.name in known]
    offered = {run.id: run for run in [*newest, *recorded_runs().values()]}
    picked = _picked(offered)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="pick-runs"):
        held(
            st.multiselect,
            say("compare.runs"),
            [run.id for run in _ordered(list(offered.values()))],
            format_func=lambda run_id: _described(offered[run_id]),
            key=_PICKED,
            max_selections=MOST,
            on_change=_choose,
            placeholder=say("compare.choose_up_eight"),
        )
        if removed := [offered[run_id] for run_id in st.session_state.get(_REMOVED, ()) if run_id in offered]:
            name = _short(removed[0]) if len(removed) == 1 else f"{len(removed)} runs"
            st.button(say("compare.put_back", name=name), icon=":material/undo:", on_click=_put_back)
        naming.offer([offered[run_id] for run_id in picked], "compare-naming")
        if allowed.may("deleting"):
            _delete_some([run for run in offered.values() if run.has_ended and session.is_mine(run)])
            clear_away.offer(_without_the_gone)
    runs = [offered[run_id] for run_id in picked]
    if not runs:
        st.info(
            say("compare.choose_runs_above"),
            icon=":material/stacked_line_chart:",
        )
        return
    overlay_curves(
        key="overlay", runs=[_for_overlay(run) for run in runs], plotly_url=PLOTLY_URL, on_state_change=_state_changed
    )
    same_pictures.show(runs)
    cost_scatter(key="costs", runs=[_for_scatter(run) for run in runs])
    setup_table(
        key="setups",
        runs=[{"id": run.id, "name": _short(run), "note": _whose(run)} for run in runs],
        results=_results(runs),
        settings=settings_of([run.config for run in runs]),
        on_removed=_removed,
    )


# ---- which runs ----


def _picked(offered: dict[str, Run]) -> list[str]:
    """The runs of the address, as far as there are such runs; at first some recorded ones."""
    asked = address.in_view("runs")
    ids = [run_id for run_id in dict.fromkeys(asked.split(",") if asked else _FIRST) if run_id != _NONE]
    for run_id in ids:
        if run_id not in offered and (run := session.find_run(run_id)):
            offered[run_id] = run
    found = [run_id for run_id in ids if run_id in offered][:MOST]
    if asked and len(found) < len(ids):
        gone = len(ids) - len(found)
        what = say("compare.one_these_runs") if gone == 1 else say("compare.these_runs", gone=gone)
        st.warning(say("compare.not_machine_or", what=what, most=MOST), icon=":material/link_off:")
        address.show("runs", ",".join(found))
    st.session_state[_PICKED] = found
    return found


def compare_these(run_ids: Sequence[str]) -> None:
    """Bring these runs into view here."""
    address.show("runs", ",".join(run_ids[:MOST]))
    st.session_state["compare-view"] = "runs"


def _choose() -> None:
    _note_removed(st.session_state[_PICKED])
    address.show("runs", ",".join(st.session_state[_PICKED]) or _NONE)


def _removed() -> None:
    gone = heard("setups", "removed", str)
    left = [run_id for run_id in st.session_state[_PICKED] if run_id != gone]
    _note_removed(left)
    address.show("runs", ",".join(left) or _NONE)


def _note_removed(left: list[str]) -> None:
    """Remember which ones were taken out, so that they can be had back."""
    before = (address.in_view("runs") or ",".join(_FIRST)).split(",")
    st.session_state[_REMOVED] = [run_id for run_id in before if run_id not in left and run_id != _NONE]


def _put_back() -> None:
    back = st.session_state.pop(_REMOVED)
    address.show("runs", ",".join([*st.session_state[_PICKED], *back][:MOST]))


def _delete_some(mine: list[Run]) -> None:
    with st.popover(
        say("compare.delete_2"),
        icon=":material/delete:",
        disabled=not mine,
        help=None if mine else say("compare.you_have_no"),
    ):
        names = {run.id: _described(run) for run in mine}
        doomed = held(
            st.multiselect,
            say("compare.your_runs_have"),
            names,
            format_func=names.__getitem__,
            key=_DOOMED,
        )
        st.caption(say("compare.curves_weights_go"))
        label = say("compare.delete_good_2", doomed=len(doomed)) if doomed else say("compare.delete_good")
        st.button(label, type="primary", disabled=not doomed, on_click=_delete)


def _delete() -> None:
    if not allowed.may("deleting"):
        return
    registry = get_registry()
    for run_id in st.session_state.pop(_DOOMED, []):
        run = session.find_run(run_id)
        if run is not None and run.has_ended and session.is_mine(run):
            registry.delete(run, session.owner())
            if session.current_run() is None:
                session.show_run(None)
    _without_the_gone()


def _without_the_gone() -> None:
    """Take runs that were deleted out of the address."""
    there = [run_id for run_id in st.session_state.get(_PICKED, []) if session.find_run(run_id)]
    address.show("runs", ",".join(there) or _NONE)


# ---- what is said of them ----


def _ordered(runs: list[Run]) -> list[Run]:
    """One's own first, then those of others, then the recorded ones."""
    return sorted(runs, key=lambda run: (run.has_weights is False, not session.is_mine(run)))


def _short(run: Run) -> str:
    """Its name without the word that stands beside it anyway."""
    return run.name.removesuffix(", recorded")


def _whose(run: Run) -> str:
    if not run.has_weights:
        return "recorded"
    return "yours" if session.is_mine(run) else say("compare.another_browser_s_2")


def _described(run: Run) -> str:
    accuracy = last_accuracy(run)
    parts = [
        run.name,
        title_of(dataset_info(run.config.data.name)),
        *([text.percent(accuracy)] if accuracy is not None else []),
    ]
    return " · ".join(
        [*parts, *([] if not run.has_weights or session.is_mine(run) else [say("compare.another_browser_s_2")])]
    )


def _results(runs: Sequence[Run]) -> list[tuple[str, list[str]]]:
    """What is known at the end; the curves above say it live."""
    cost = [summarize(run.config.model, *_shape(run)) for run in runs]
    status = [run.status() for run in runs]
    return [
        (say("compare.state"), [run.state for run in runs]),
        (say("compare.result"), [run.message or "–" for run in runs]),
        *([(say("run_name.note"), [run.note or "–" for run in runs])] if any(run.note for run in runs) else []),
        (say("compare.seconds"), [f"{each['seconds']:,.1f}" for each in status]),
        (say("compare.iterations"), [f"{each['step']:,}" for each in status]),
        (say("compare.parameters"), [f"{each.parameters:,}" for each in cost]),
        (say("compare.multiply_adds"), [f"{each.multiply_adds:,}" for each in cost]),
    ]


def _shape(run: Run) -> tuple[tuple[int, int, int], int]:
    info = dataset_info(run.config.data.name)
    return info.input_shape, len(info.classes)


def _for_overlay(run: Run) -> dict[str, Any]:
    classes = _shape(run)[1]
    return {
        "id": session.stream_id(run),
        "name": _short(run),
        "state": run.state,
        "epochs": run.status()["epochs"],
        "guess_accuracy": 1 / classes,
        "guess_loss": guessing_loss(classes, run.config.train.loss),
        "valid_name": "validation" if run.config.data.valid_fraction else "test",
    }


def _for_scatter(run: Run) -> dict[str, Any]:
    cost = summarize(run.config.model, *_shape(run))
    return {
        "id": session.stream_id(run),
        "name": _short(run),
        "parameters": cost.parameters,
        "multiply_adds": cost.multiply_adds,
    }


def _state_changed() -> None:
    """Nothing to do: the rerun that follows draws the table with the new results."""
