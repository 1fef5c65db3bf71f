"""A data set of somebody's own that comes as a file: open it, and it is one's own."""

from collections.abc import Callable

import streamlit as st

from lib.datasets.own import OwnSet
from lib.datasets.owned import NotNow
from lib.datasets.travel import MAX_BYTES, NotASet, open_own
from lib.runs import TooMuch, get_registry
from lib.ui.serve import uploads
from lib.ui.setup import allowed, session
from lib.ui.words import say
from lib.ui.words.text import literal

_SAID = "own-arrived"  # in the session: what came of the last file, until the page has shown it
_ROUND = "own-arrivals"  # in the session: how many files came; each has an uploader of its own


def show(use: Callable[[OwnSet], None], *, any_yet: bool) -> None:
    """The way in, and what came of it; a set that came is used at once."""
    if said := st.session_state.pop(_SAID, None):
        st.success(said, icon=":material/check_circle:")
    if not any_yet:
        st.caption(say("own.none_kept"))
    with st.popover(say("own.arrives"), icon=":material/folder_open:", type="tertiary"):
        came = bring("own-arrives")
    if came is None:
        return
    st.session_state[_SAID] = told(came)
    use(came)
    st.rerun()


def told(came: OwnSet) -> str:
    """What there is to say of a set that came."""
    count, names = came.train_count + came.test_count, ", ".join(map(literal, came.classes))
    return say("own.arrived", name=literal(came.title), count=count, names=names)


def bring(key: str) -> OwnSet | None:
    """An uploader for a set's file; returns the set once it came and is kept, or says why it is not."""
    st.caption(say("own.arrives_says"))
    file = allowed.uploader(
        say("own.arrives_file"),
        key=f"{key}-{st.session_state.get(_ROUND, 0)}",
        type=["safetensors"],
        max_upload_size=1 + MAX_BYTES // 1_000_000,
    )
    if file is None:
        return None
    try:
        get_registry().space.make_room(file.size)
        came = open_own(file.name, file.getvalue(), session.owner())
    except (NotASet, NotNow, TooMuch, OSError) as problem:
        said = say("own.no_room") if isinstance(problem, OSError) else literal(allowed.refusal(problem))
        st.error(said, icon=":material/error:")
        return None
    uploads.let_go([file])
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1
    return came
