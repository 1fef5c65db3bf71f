"""What is pressed is done before the page looks at anything newer.

A browser says with every message what was pressed just then, and never again. Streamlit takes a message up, and looks
whether a newer one has come before it calls what belongs to the press, and again at every word of that. The newer one
knows nothing of the press, so it was lost: on a slow machine Stop left a run going, because something else that had
changed on the page was told in the same moment. So a message that was taken up is heard out first; a newer one waits.
"""

import threading
from typing import Any

from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequest, ScriptRequests
from streamlit.runtime.state.safe_session_state import SafeSessionState

_hearing = threading.local()  # a page runs on a thread of its own


def hear_out() -> None:
    """Let no message cut short what is called for the one before it. Called once, before the server takes requests."""
    states: Any = SafeSessionState
    requests: Any = ScriptRequests
    take_up, look_for_newer = states.on_script_will_rerun, requests.on_scriptrunner_yield

    def take_up_and_hear_out(self: SafeSessionState, *said: Any, **more: Any) -> None:
        _hearing.out = True
        try:
            take_up(self, *said, **more)
        finally:
            _hearing.out = False

    def look_for_newer_afterwards(self: ScriptRequests) -> ScriptRequest | None:
        if getattr(_hearing, "out", False):
            return None
        newer: ScriptRequest | None = look_for_newer(self)
        return newer

    states.on_script_will_rerun, requests.on_scriptrunner_yield = take_up_and_hear_out, look_for_newer_afterwards
