"""The last net: whatever escapes a page, a part of one or a press becomes a sentence and a number, never a red box.

Streamlit hands every exception that nobody caught to `catch` (app.py), from a page, a callback, a dialog or a fragment
that runs alone. It is no mend: what can go wrong is said where it goes wrong. The number stands in the server's log,
in the line before the traceback, and the same fault has the same number.
"""

import logging
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path

import streamlit as st
from streamlit.errors import FragmentHandledException, StreamlitAPIException
from streamlit.runtime.scriptrunner import RerunData, RerunException, StopException, get_script_run_ctx

from lib.ui.words import say

logger = logging.getLogger(__name__)

_START = Path(__file__).parents[3] / "pages" / "start.py"
_UNTOLD = "fault"  # of a press: the page is drawn anew, and says so on top
_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ2346789"  # none that looks like another
_QUIET_SECONDS = 60.0  # a fragment that fails does so twice a second; the log hears of it once a minute


def catch(error: Exception) -> bool:
    """Say in words what nobody caught, where it happened; True: Streamlit need not."""
    context, number = get_script_run_ctx(suppress_warning=True), number_of(error)
    if context is None:
        return True
    try:
        if context.has_script_started:
            _draw(number, "part" if context.fragment_ids_this_run else "page")
        else:  # a press: no page has been drawn
            st.session_state[_UNTOLD] = [number, context.page_script_hash]
            _run_again(RerunData(query_string=context.query_string, page_script_hash=context.page_script_hash))
    except RerunException as wish:  # somebody pressed something meanwhile: that goes first
        _run_again(wish.rerun_data)
    except StopException:
        pass
    except Exception:
        logger.exception("Fault %s could not be shown", number)
        st.markdown(f"This could not be shown (number {number}). Reload the page, or go to [Start](/).")
    return True


@contextmanager
def contained(part: str) -> Iterator[None]:
    """Let what is drawn inside fail alone: a sentence stands in its place, and the page goes on.

    part: "lesson" or another one of the words in `fault`
    """
    try:
        yield
    except FragmentHandledException:
        pass  # said already, in its place
    except Exception as error:
        logger.error("This part could not be shown: %s", part, exc_info=error)
        _draw(number_of(error), part)


def tell() -> None:
    """Say that the last press failed, until that is closed or another page opened; else keep the place for it."""
    context = get_script_run_ctx()
    number, page = st.session_state.get(_UNTOLD) or (None, None)
    if context is None or page != context.page_script_hash:
        forget()
        number = None
    place = st.empty()  # always there: what stands below must not be mounted anew, or widgets lose what they show
    if number:
        with place.container():
            _draw(number, "press")


def forget() -> None:
    """Do not tell any more that a press has failed."""
    st.session_state.pop(_UNTOLD, None)


def number_of(error: BaseException) -> str:
    """Four letters for what went wrong and where: the same for the same fault."""
    frames = traceback.extract_tb(error.__traceback__)
    where = [f"{Path(frame.filename).name}:{frame.name}:{frame.lineno}" for frame in frames]
    digest = sha256(repr([type(error).__name__, str(error), *where]).encode()).digest()
    return "".join(_LETTERS[byte % len(_LETTERS)] for byte in digest[:4])


def _run_again(wish: RerunData) -> None:
    context = get_script_run_ctx()
    if context is not None and context.script_requests is not None:
        context.script_requests.request_rerun(wish)


def _draw(number: str, part: str) -> None:
    """A sentence, what still works, and what to do; part: which sentence."""
    with st.container(key=f"fault-{part}-{number}", gap="small"):
        st.markdown(f":material/healing: **{say(f'fault.{part}')}**  \n{say(f'fault.{part}_works')}")
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            if part == "press":
                st.button(say("fault.close"), on_click=forget, key=f"fault-{part}-{number}-again")
            else:
                st.button(say("fault.again"), key=f"fault-{part}-{number}-again")
            st.button(say("fault.start"), on_click=_go_to_start, key=f"fault-{part}-{number}-start")
            st.caption(say("fault.number", number=number))


def _go_to_start() -> None:
    """Leave behind what this tab holds as well, for that may be what fails; the address of before still has it."""
    for name in list(st.session_state):
        if name != "owner":  # who this tab is, where it brings no cookie
            del st.session_state[name]
    with suppress(StreamlitAPIException):  # a page that runs alone, outside the router
        st.switch_page(_START, query_params={})


class _Numbered(logging.Filter):
    """Puts the number before the traceback that Streamlit writes; a fault that goes on is heard now and then."""

    def __init__(self) -> None:
        super().__init__()
        self._heard: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if error is None:
            return True
        number, now = number_of(error), time.monotonic()
        self._heard = {name: at for name, at in self._heard.items() if now - at < _QUIET_SECONDS}
        if number in self._heard:
            return False
        self._heard[number] = now
        record.msg = f"Fault {number}: {record.getMessage()}"
        record.args = ()
        return True


def number_the_log() -> None:
    """Write the number of a fault into the log, once. Called once, before the server takes requests."""
    numbered = _Numbered()
    for log in (logger, logging.getLogger("streamlit.error_util")):
        log.addFilter(numbered)
