"""Enough open files for a class: every open page holds a few connections, and the shell's default can be 256."""

import logging
import os
import sys
import time
from asyncio import AbstractEventLoop, get_running_loop
from threading import RLock
from typing import Any

from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketClose
from streamlit.runtime import Runtime
from streamlit.runtime.session_manager import SessionInfo

WANTED = 65_536
ENOUGH = 1_024  # for thirty pages that are reloaded
_KEPT_FREE = 40  # for the pages that are open: their connections, their files, the home
_EACH_PAGE = 12
_AWAY_SECONDS = 120.0  # for which a page that lost its connection finds its session again
_SAID_AGAIN_SECONDS = 60.0
_FULL = (
    "Too many pages of this Glasshouse are open just now: it may open no more files. Close some, or wait two minutes, "
    "and reload. Whoever runs it can allow more (`ulimit -n {enough}`, then start it again).\n"
)

logger = logging.getLogger(__name__)


def raise_limit() -> int | None:
    """Allow as many open files as the system lets us; gives how many there may be, None where there is no limit."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return None
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    for wanted in (WANTED, 10_240, 4_096):  # some systems refuse more than the kernel's own bound
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        if soft == resource.RLIM_INFINITY or soft >= most:
            break
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
        except (ValueError, OSError):
            continue
        soft = most
        break
    return None if soft == resource.RLIM_INFINITY else soft


def files_allowed() -> int | None:
    """How many files may be open at once; None where there is no limit."""
    try:
        import resource
    except ImportError:
        return None
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return None if soft == resource.RLIM_INFINITY else soft


def say_if_few(most: int | None) -> None:
    """Tell whoever starts the server, if there are too few for a class."""
    if most is not None and most < ENOUGH:
        print(
            f"Only {most} files may be open at once here: enough for about {most // _EACH_PAGE} open pages. For a "
            f"class, have your system allow more (`ulimit -Hn`; {ENOUGH} are enough for thirty) and start again.",
            file=sys.stderr,
            flush=True,
        )


class FreeFiles:
    """Let nobody new in while hardly a file may be opened any more: who is in goes on, and who is not is told why."""

    def __init__(self, app: ASGIApp) -> None:
        self.app, self._most = app, files_allowed()
        self._said = -_SAID_AGAIN_SECONDS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Turn pages and their websockets away; everything else belongs to a page that is open."""
        is_page = scope["type"] == "http" and "text/html" in HTTPConnection(scope).headers.get("accept", "")
        if not (is_page or scope["type"] == "websocket") or self._is_room():
            await self.app(scope, receive, send)
            return
        if time.monotonic() > self._said + _SAID_AGAIN_SECONDS:
            self._said = time.monotonic()
            logger.warning("only %s files may be open at once: pages are turned away (see `ulimit -n`)", self._most)
        if scope["type"] == "websocket":
            await WebSocketClose(code=1013)(scope, receive, send)
        else:
            await PlainTextResponse(_FULL.format(enough=ENOUGH), 503, {"Retry-After": "30"})(scope, receive, send)

    def _is_room(self) -> bool:
        open_files = _count_open_files()
        return self._most is None or open_files is None or open_files < self._most - _KEPT_FREE


def _count_open_files() -> int | None:
    for folder in ("/proc/self/fd", "/dev/fd"):
        try:
            return sum(1 for _ in os.scandir(folder))
        except FileNotFoundError:
            continue
        except OSError:  # none is left to look with
            return sys.maxsize
    return None


class AwaySessions:
    """Sessions whose page lost its connection, for two minutes: each holds three files.

    In place of Streamlit's own store, which keeps 128 and leaves it to chance when their files are closed: these are
    closed in time, also where nobody comes any more, as after a class.
    """

    def __init__(self, loop: AbstractEventLoop) -> None:
        """loop: the server's, in which time passes."""
        self._loop = loop
        most = files_allowed()
        self._most = 128 if most is None else min(most // 16, 128)
        self._kept: dict[str, tuple[float, SessionInfo]] = {}
        self._lock = RLock()

    def get(self, session_id: str) -> SessionInfo | None:
        """The session of a page that comes back."""
        with self._lock:
            self._shut_down_old()
            found = self._kept.get(session_id)
            return found[1] if found else None

    def save(self, session_info: SessionInfo) -> None:
        """Keep one; the oldest go if there are too many."""
        with self._lock:
            self._kept[session_info.session.id] = (time.monotonic(), session_info)
            self._shut_down_old()
        self._loop.call_soon_threadsafe(self._loop.call_later, _AWAY_SECONDS, self.list)

    def delete(self, session_id: str) -> None:
        """Give one up: its page is here again."""
        with self._lock:
            del self._kept[session_id]

    def list(self) -> list[SessionInfo]:
        """All of them."""
        with self._lock:
            self._shut_down_old()
            return [info for _, info in self._kept.values()]

    def _shut_down_old(self) -> None:
        oldest = time.monotonic() - _AWAY_SECONDS
        for session_id, (since, info) in list(self._kept.items()):
            if since <= oldest or len(self._kept) > self._most:
                del self._kept[session_id]
                info.session.shutdown()


def bound_away_sessions() -> None:
    """Have the running server keep them so; before the first page opens."""
    manager: Any = Runtime.instance()._session_mgr
    manager._session_storage = AwaySessions(get_running_loop())
