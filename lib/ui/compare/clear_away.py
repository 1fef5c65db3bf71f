"""What Glasshouse keeps takes room on disk: how much, and a button that says what it deletes, and then does."""

from collections.abc import Callable

import streamlit as st

from lib.experiments.coordinator import get_coordinator
from lib.runs import get_registry
from lib.runs.space import Clearable
from lib.ui.setup import session

_CLEARED = "compare-cleared"


def offer(afterwards: Callable[[], None]) -> None:
    """A menu beside the list of runs; `afterwards` is called when some are gone."""
    space = get_registry().space
    run = session.current_run()
    wanted = space.clearable(session.owner(), _in_use() | ({run.id} if run else set()))
    with st.popover("Clear away", icon=":material/mop:"):
        st.markdown(_taken(space.bytes(), space.own_bytes(), space.most_mb))
        if space.most_mb:
            st.caption(
                "At the limit, the time machine's moments of the runs that ended first make room for new ones; curves "
                "and weights stay. Only where that is not enough does no run start."
            )
        st.markdown(to_be_deleted(wanted, None if run is None else run.name))
        if wanted.run_ids or wanted.left_over:
            st.caption(
                "What others started, what has not ended, recorded and ready nets, data sets and lessons stay. This "
                "cannot be undone."
            )
            st.button("Clear away for good", type="primary", on_click=_clear_away, args=(wanted, afterwards))
        if said := st.session_state.pop(_CLEARED, None):
            st.success(said, icon=":material/check:")


def _in_use() -> set[str]:
    """The runs of experiments that are going: they are still needed for the verdict."""
    going = [experiment for experiment in get_coordinator().newest() if not experiment.has_ended]
    return {member.run for experiment in going for member in experiment.members if member.run}


def to_be_deleted(wanted: Clearable, in_view: str | None) -> str:
    """What the button deletes, in one sentence."""
    runs, files = len(wanted.run_ids), len(wanted.left_over)
    if not runs and not files:
        return "There is nothing to clear away: you have no run that has ended" + (
            f", other than {in_view}, which you are looking at." if in_view else "."
        )
    parts = [f"**{_some(runs, 'run')}** of yours that ended, with curves and weights"] if runs else []
    parts += [f"{_some(files, 'left-over file')} of broken-off work"] if files else []
    kept = f" {in_view}, in view on Train, stays." if in_view and runs else ""
    return f"Deletes {' and '.join(parts)}: **{_megabytes(wanted.bytes)}**.{kept}"


def _taken(there: int, own: int, most_mb: int) -> str:
    limit = f" of the {most_mb:,} MB that it may take" if most_mb else ""
    said = f"What Glasshouse keeps on this machine takes **{_megabytes(there)}**{limit}, data sets with it"
    whose = f"; **{_megabytes(own)}** are data sets that people made, which only they delete, on Data" if own else ""
    return f"{said}{whose}."


def _clear_away(wanted: Clearable, afterwards: Callable[[], None]) -> None:
    count = get_registry().clear_away(wanted, session.owner())
    afterwards()
    files = sum(not path.exists() for path in wanted.left_over)
    with_files = f", {_some(files, 'file')}" if files else ""
    st.session_state[_CLEARED] = f"Cleared away: {_some(count, 'run')}{with_files}."


def _some(count: int, what: str) -> str:
    return f"{count:,} {what}" + ("" if count == 1 else "s")


def _megabytes(count: int) -> str:
    return f"{count / 1e6:,.1f} MB" if count < 100e6 else f"{count / 1e6:,.0f} MB"
