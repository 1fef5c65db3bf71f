"""What is pressed is done before the page looks at anything newer, and nothing older takes it back.

A browser says with every message what was pressed just then, and never again. Streamlit takes a message up, and looks
whether a newer one has come before it calls what belongs to the press, and again at every word of that. The newer one
knows nothing of the press, so it was lost: on a slow machine Stop left a run going, because something else that had
changed on the page was told in the same moment. So a message that was taken up is heard out first; a newer one waits.

Two messages of one browser are read by two threads, and on a slow machine the older one may come second: a part of the
page that renews itself says all that it knew before somebody chose another tool of the teacher's desk, and the old tool
stayed. So what a message says that comes too late counts no more, except for what was pressed in it.
"""

import threading
from itertools import count
from typing import Any
from weakref import WeakValueDictionary

from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequest, ScriptRequests
from streamlit.runtime.state.safe_session_state import SafeSessionState

_hearing = threading.local()  # a page runs on a thread of its own
_numbers, _lock = count(1), threading.Lock()
_turns: "WeakValueDictionary[int, _Turn]" = WeakValueDictionary()  # by the session's state, while a thread has it


def hear_out() -> None:
    """Let no message cut short what is called for the one before it. Called once, before the server takes requests."""
    states: Any = SafeSessionState
    requests: Any = ScriptRequests
    begin, take_up, look_for_newer = states.__init__, states.on_script_will_rerun, requests.on_scriptrunner_yield

    def begin_in_turn(self: Any, state: Any, *what: Any, **more: Any) -> None:
        begin(self, state, *what, **more)
        object.__setattr__(self, "turn", _turn_of(state))  # it would be an entry of the session otherwise
        object.__setattr__(self, "number", next(_numbers))

    def take_up_and_hear_out(self: Any, said: WidgetStates | None, *what: Any, **more: Any) -> None:
        turn: _Turn = self.turn
        with turn.lock:
            late, turn.newest = self.number < turn.newest, max(self.number, turn.newest)
            _hearing.out = True
            try:
                take_up(self, _presses_in(said) if late and said is not None else said, *what, **more)
            finally:
                _hearing.out = False

    def look_for_newer_afterwards(self: ScriptRequests) -> ScriptRequest | None:
        if getattr(_hearing, "out", False):
            return None
        newer: ScriptRequest | None = look_for_newer(self)
        return newer

    states.__init__ = begin_in_turn
    states.on_script_will_rerun, requests.on_scriptrunner_yield = take_up_and_hear_out, look_for_newer_afterwards


class _Turn:
    """Who of a session's threads takes a message up; `newest`: the number of the last one that did."""

    def __init__(self) -> None:
        self.lock, self.newest = threading.RLock(), 0


def _turn_of(state: Any) -> _Turn:
    with _lock:
        return _turns.setdefault(id(state), _Turn())


def _presses_in(said: WidgetStates) -> WidgetStates:
    """What is said once and never again, such as that a button was pressed."""
    presses = [each for each in said.widgets if "trigger" in (each.WhichOneof("value") or "")]
    return WidgetStates(widgets=presses)
