"""What Glasshouse keeps takes room on disk: how much, and a button that says what it deletes, and then does."""

from collections.abc import Callable

import streamlit as st

from lib.experiments.coordinator import get_coordinator
from lib.runs import get_registry
from lib.runs.space import Clearable
from lib.ui.setup import allowed, session
from lib.ui.words import number, say

_CLEARED = "compare-cleared"


def offer(afterwards: Callable[[], None]) -> None:
    """A menu beside the list of runs; `afterwards` is called when some are gone."""
    space = get_registry().space
    run = session.current_run()
    wanted = space.clearable(session.owner(), _in_use() | ({run.id} if run else set()))
    with st.popover(say("compare.clear_away"), icon=":material/mop:"):
        st.markdown(_taken(space.bytes(), space.own_bytes(), space.most_mb))
        if space.most_mb:
            st.caption(say("compare.limit_time_machine"))
        st.markdown(to_be_deleted(wanted, None if run is None else run.name))
        if wanted.run_ids or wanted.left_over:
            st.caption(say("compare.what_others_started"))
            st.button(say("compare.clear_away_good"), type="primary", on_click=_clear_away, args=(wanted, afterwards))
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
        return say("compare.there_nothing_clear") + (
            say("compare.other_than_which", in_view=in_view) if in_view else "."
        )
    parts = [say("compare.your_ended", count=runs)] if runs else []
    parts += [say("compare.left_over", count=files)] if files else []
    kept = say("compare.view_train_stays", in_view=in_view) if in_view and runs else ""
    return say("compare.deletes", what=say("compare.and").join(parts), size=_megabytes(wanted.bytes), kept=kept)


def _taken(there: int, own: int, most_mb: int) -> str:
    limit = say("compare.mb_may_take", most_mb=most_mb) if most_mb else ""
    said = say("compare.what_glasshouse_keeps", there=_megabytes(there), limit=limit)
    whose = say("compare.data_sets_people", own=_megabytes(own)) if own else ""
    return f"{said}{whose}."


def _clear_away(wanted: Clearable, afterwards: Callable[[], None]) -> None:
    if not allowed.may("deleting"):
        return
    count = get_registry().clear_away(wanted, session.owner())
    afterwards()
    files = sum(not path.exists() for path in wanted.left_over)
    with_files = say("compare.with_files", count=files) if files else ""
    st.session_state[_CLEARED] = say("compare.cleared", count=count, with_files=with_files)


def _megabytes(count: int) -> str:
    return f"{number(count / 1e6, ',.1f' if count < 100e6 else ',.0f')} MB"
