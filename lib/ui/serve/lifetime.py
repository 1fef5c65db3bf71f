"""How the server begins and ends: the home is taken first; Ctrl+C and SIGTERM save everything and end it in time."""

import asyncio
import atexit
import os
import signal
import sys
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from lib.home import HomeFailure, in_words
from lib.runs import get_registry
from lib.ui.serve.descriptors import bound_away_sessions
from lib.ui.serve.feeds import hang_up

_STEP_SECONDS = 1.5  # for the steps under way when the end comes; what is slower goes on from its last checkpoint
_ANSWER_SECONDS = 1  # for answers under way
_TWICE_SECONDS = 0.3  # between signals of one press: whoever started the server may pass its own on
_REST_SECONDS = 0.5  # for threads whose work is worth nothing any more, once everything is saved


def take_home() -> None:
    """Take the home for this process, before anything is served; end with code 1 if another one has it."""
    try:
        get_registry()
    except HomeFailure as failure:
        print(in_words(failure), file=sys.stderr, flush=True)
        sys.exit(1)


@asynccontextmanager
async def lifespan(_app: object) -> AsyncIterator[None]:
    """Serve until a signal asks for the end; then save every run and let go of the home."""
    _listen(asyncio.get_running_loop())
    bound_away_sessions()
    try:
        yield
    finally:
        await asyncio.to_thread(get_registry().close, _STEP_SECONDS)
        # Everything is saved. Native threads can hold the interpreter up for many seconds in its last moments.
        atexit.register(_leave)
        leave = threading.Timer(_REST_SECONDS, _leave)
        leave.daemon = True
        leave.start()


def _leave() -> None:
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


def _listen(loop: asyncio.AbstractEventLoop) -> None:
    """Take the signals over from uvicorn: it waits for open event streams, and raises the signal again at the end."""
    for number in (signal.SIGINT, signal.SIGTERM):
        server: Any = getattr(signal.getsignal(number), "__self__", None)
        if hasattr(server, "should_exit") and hasattr(server, "config"):
            server.config.timeout_graceful_shutdown = _ANSWER_SECONDS
            signal.signal(number, partial(_end, server, loop))


_asked_at: list[float] = []  # when the end was asked for


def _end(server: Any, loop: asyncio.AbstractEventLoop, number: int, _frame: object) -> None:
    """End in good order; a second Ctrl+C ends at once, whatever is still being saved."""
    _asked_at.append(time.monotonic())
    if number == signal.SIGINT and _asked_at[-1] - _asked_at[0] > _TWICE_SECONDS:
        os.write(2, b"Ended at once. Runs go on from what was saved last.\n")  # past buffers that may be in use
        os._exit(128 + number)
    server.should_exit = True
    loop.call_soon_threadsafe(hang_up)
