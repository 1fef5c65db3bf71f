"""What a page's websocket brings: so many of them, so often, and nothing but messages that a page of ours can send.

Whoever opens a page can send anything over its websocket. Streamlit begins a thread for every wish to run the page, and
lets anybody empty the caches of everybody. So each message is looked at first. Who sends too many waits, and holds up
nobody else. What is said in the name of a widget is looked through where that widget is known: see `said`.
"""

import asyncio
from time import monotonic

from google.protobuf.message import DecodeError
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketClose
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from lib.ui.serve.browser import owner_of
from lib.ui.serve.crowd import Crowd

PAGES_EACH = 40  # open pages of one browser
PAGES_NAMELESS = 120  # from one address without a cookie: thirty tablets with our page in a frame, four pages each
PAGES_ADDRESS = 200  # a class can share one
PAGES = 600
RUNS_AT_A_TIME = 4  # of the pages of one browser: each run takes its share of the time that all have
RUNS_NAMELESS = 12  # of all pages from one address without a cookie
LONGEST_RUN = 5.0  # seconds; whatever runs longer, or says no end, does not hold up the browser's other pages
WISHES_A_SECOND, WISHES_AT_ONCE = 30.0, 60.0  # of one browser; a part of a page may ask twenty times a second

# What a page's own script sends; the others empty caches, or are for those who build Streamlit.
_WANTED = {"rerun_script", "stop_script", "file_urls_request", "app_heartbeat", "backend_operation_request"}
_LONGEST_END = 1_000  # bytes
_MOST_BROWSERS = 5_000  # remembered at once

_pages = Crowd()


class Pace:
    """So many wishes a second, and some more at once after a rest."""

    def __init__(self, a_second: float, at_once: float) -> None:
        self._a_second, self._at_once = a_second, at_once
        self._left, self._at = at_once, monotonic()

    def wait(self) -> float:
        """Take one; gives how many seconds it has to wait."""
        now = monotonic()
        self._left = min(self._at_once, self._left + (now - self._at) * self._a_second) - 1.0
        self._at = now
        return max(0.0, -self._left / self._a_second)


class _Browser:
    """What one browser may do, over all of its pages."""

    def __init__(self, runs: asyncio.Semaphore) -> None:
        self.pace = Pace(WISHES_A_SECOND, WISHES_AT_ONCE)
        self.runs = runs


_browsers: dict[str, _Browser] = {}


class Incoming:
    """Stand between a page's websocket and Streamlit."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a page in if there is room, and pass on what it sends in its time."""
        if scope["type"] != "websocket":
            await self.app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        browser, address = owner_of(connection.cookies), connection.client.host if connection.client else ""
        name, most = (f"of {browser}", PAGES_EACH) if browser else (f"without a name from {address}", PAGES_NAMELESS)
        with _pages.place({"all": PAGES, f"from {address}": PAGES_ADDRESS, name: most}) as is_room:
            if not is_room:
                await WebSocketClose(code=1013)(scope, receive, send)
                return
            at_a_time = RUNS_AT_A_TIME if browser else RUNS_NAMELESS
            known = _browser(name, at_a_time)
            # Without a cookie each page is somebody of her own, as its runs are: one does not use up another's wishes.
            door = _Door(receive, send, known if browser else _Browser(known.runs))
            try:
                await self.app(scope, door.receive, door.send)
            except asyncio.CancelledError:  # the server ends, and does not wait for who has to
                pass
            finally:
                door.end_run()


def _browser(name: str, at_a_time: int) -> _Browser:
    while len(_browsers) >= _MOST_BROWSERS:
        del _browsers[next(iter(_browsers))]
    return _browsers.setdefault(name, _Browser(asyncio.Semaphore(at_a_time)))


class _Door:
    """Both directions of one websocket; a message that comes too soon is not read before its time."""

    def __init__(self, receive: Receive, send: Send, browser: _Browser) -> None:
        self._receive, self._send, self._browser = receive, send, browser
        self._closed = False
        self._run: asyncio.TimerHandle | None = None  # under way
        self._rests = asyncio.Event()

    async def send(self, message: Message) -> None:
        """Pass on what goes to the page, as long as somebody is there; notice the end of a run."""
        if _says_the_end(message.get("bytes")):
            self.end_run()
        if self._closed:
            return
        try:
            await self._send(message)
        except OSError:  # the page has gone, and what it sent before is worth nothing
            self._closed = True

    async def receive(self) -> Message:
        """Give the next message that a page's own script can have sent."""
        while True:
            message = await self._receive()
            if self._closed:
                return {"type": "websocket.disconnect", "code": 1006}
            if message["type"] != "websocket.receive":
                return message
            wish = _read(message.get("bytes"))
            if wish is None:  # no page of ours sends such; Streamlit would write a traceback of each
                self._closed = True
                await self._send({"type": "websocket.close", "code": 1002})
                return {"type": "websocket.disconnect", "code": 1002}
            kind = wish.WhichOneof("type")
            if kind not in _WANTED:
                continue
            if seconds := self._browser.pace.wait():
                await asyncio.sleep(seconds)
            if kind != "rerun_script":
                return message
            if seconds and self._run is not None:  # in a flood no wish takes the place of the last
                await self._rests.wait()
            if self._run is None:  # one more wish of this page takes the place of the last
                await self._browser.runs.acquire()
                self._run = asyncio.get_running_loop().call_later(LONGEST_RUN, self.end_run)
                self._rests.clear()
            return message

    def end_run(self) -> None:
        """Let another page of this browser run."""
        if self._run is not None:
            self._run.cancel()
            self._run = None
            self._rests.set()
            self._browser.runs.release()


def _read(sent: bytes | None) -> BackMsg | None:
    if sent is None:
        return None
    wish = BackMsg()
    try:
        wish.ParseFromString(sent)
    except DecodeError:
        return None
    return wish


def _says_the_end(sent: bytes | None) -> bool:
    """True for the short message that ends every run."""
    if sent is None or len(sent) > _LONGEST_END:
        return False
    return bool(ForwardMsg.FromString(sent).WhichOneof("type") == "script_finished")
