"""What is pressed counts, whatever the page tells in the same moment."""

import sqlite3
import time
from pathlib import Path

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg

from tests.e2e.screens import until
from tests.e2e.served import Served
from tests.e2e.stranger import session
from tests.e2e.test_door import LONG

pytestmark = pytest.mark.e2e

PAUSES = [0.0, 0.001, 0.005, 0.02, 0.05]  # seconds between two messages: a page takes each up in between


def _message(press: str | None = None) -> bytes:
    message = BackMsg()
    message.rerun_script.query_string, message.rerun_script.page_name = LONG, "train"
    if press:
        message.rerun_script.widget_states.widgets.add(id=press, trigger_value=True)
    sent: bytes = message.SerializeToString()
    return sent


def _last_state(home: Path) -> str:
    with sqlite3.connect(f"file:{home / 'runs.sqlite'}?mode=ro", uri=True) as base:
        (state,) = base.execute("SELECT state FROM runs ORDER BY number DESC LIMIT 1").fetchone()
    return str(state)


@pytest.mark.parametrize("pause", PAUSES)
def test_a_stop_counts_however_much_the_page_tells_right_after_it(server: Served, home: Path, pause: float) -> None:
    with session(server.port) as tab:
        tab.open("train", query=LONG)
        tab.open("train", query=LONG, press="Train")
        until(lambda: _last_state(home) == "running", "a run")
        tab.send(_message())
        tab.send(_message(tab.buttons["Stop"]))
        for _ in range(3):
            time.sleep(pause)
            tab.send(_message())
        until(lambda: _last_state(home) == "stopped", "it stops")
