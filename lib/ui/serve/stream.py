"""Our own routes beside Streamlit's: the live events of a run, and plotly for the browser.

A run's events go out as server-sent events: about 90 bytes an update, no Streamlit rerun. `points` carries how many
points the browser has after it as the event id, so a broken connection goes on where it was.
"""

import asyncio
import gzip
import re
from collections.abc import AsyncIterator, Sequence
from functools import cache
from importlib.resources import files
from typing import Protocol

from plotly import __version__ as plotly_version
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from lib.runs import get_registry
from lib.ui.components.modules import route as components_route
from lib.ui.serve.browser import OwnerCookie, owner_of
from lib.ui.serve.crowd import Crowd
from lib.ui.serve.feeds import Asked, Viewer
from lib.ui.serve.hosts import KnownHosts
from lib.ui.serve.incoming import Incoming
from lib.ui.serve.nets import route as nets_route
from lib.ui.serve.passes import find_for
from lib.ui.serve.replay import run_moments
from lib.ui.serve.uploads import UploadBudget

PLOTLY_URL = f"/api/plotly-{plotly_version}.min.js"

MOST_RUNS = 40  # over one connection

MOST_STREAMS_EACH = 24  # connections of one browser; it opens one or two a tab
MOST_STREAMS_ADDRESS = 120  # a class can share one
MOST_STREAMS = 400

_ID = re.compile(r"[A-Za-z0-9_-]{1,100}(~[A-Za-z0-9_-]{1,40})?")
_COUNT = re.compile(r"[0-9]{1,9}")
_MOST_ASKED = MOST_RUNS * 120  # characters


async def run_events(request: Request) -> Response:
    """Stream one run: `points`, `epochs`, `marks`, `checks`, `status`, `glimpse`; `gone` when there is no such run.

    Nor is there one for who may not see its pictures.
    """
    start = request.headers.get("last-event-id") or request.query_params.get("from")
    asked = await asyncio.to_thread(_asked, request, [(request.path_params["run_id"], start)])
    return EventStream(request, Viewer(get_registry(), asked, named=False))


async def all_events(request: Request) -> Response:
    """Stream several runs over one connection, `?runs=ID:FROM,ID:FROM`: browsers allow only six to a server.

    The events are those of `run_events`, named `ID/points` and so on; FROM is how many points the browser has.
    """
    wanted: dict[str, str] = {}  # each once
    for part in request.query_params.get("runs", "")[:_MOST_ASKED].split(","):
        run_id, _, start = part.partition(":")
        if _ID.fullmatch(run_id) and len(wanted) < MOST_RUNS:
            wanted.setdefault(run_id, start)
    asked = await asyncio.to_thread(_asked, request, list(wanted.items()))
    return EventStream(request, Viewer(get_registry(), asked, named=True))


def _asked(request: Request, wanted: Sequence[tuple[str, str | None]]) -> list[Asked]:
    return [Asked(run_id, find_for(request, run_id), _count(start)) for run_id, start in wanted]


async def watch_run(request: Request) -> Response:
    """Renew a run's lease from a tab that is open but hidden, where no events are streamed."""
    run = await asyncio.to_thread(find_for, request, request.path_params["run_id"])
    if run is None:
        return JSONResponse({"error": "There is no such run."}, status_code=404)
    run.watch()
    return Response(status_code=204)


async def plotly_script(request: Request) -> Response:
    """The installed plotly package's own script, compressed once and cached by the browser for good."""
    headers = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}
    compressed, plain = await asyncio.to_thread(_plotly)
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(compressed, media_type="text/javascript", headers=headers | {"Content-Encoding": "gzip"})
    return Response(plain, media_type="text/javascript", headers=headers)


@cache
def _plotly() -> tuple[bytes, bytes]:
    plain = (files("plotly") / "package_data" / "plotly.min.js").read_bytes()
    return gzip.compress(plain, 6), plain


_open = Crowd()


class Telling(Protocol):
    """Who has events to tell, each worded as server-sent."""

    def events(self) -> AsyncIterator[str]:
        """All of them, until there will be no more."""
        ...


class EventStream(StreamingResponse):
    """The events of a viewer, unless this browser, its address or everybody together has too many connections."""

    def __init__(self, request: Request, viewer: Telling) -> None:
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        super().__init__(viewer.events(), media_type="text/event-stream", headers=headers)
        browser, address = owner_of(request.cookies), request.client.host if request.client else ""
        self._counted = {"all": MOST_STREAMS, f"from {address}": MOST_STREAMS_ADDRESS}
        self._counted |= {f"of {browser}": MOST_STREAMS_EACH} if browser else {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with _open.place(self._counted) as is_room:
            if is_room:
                await super().__call__(scope, receive, send)
            else:
                await _TOO_MANY(scope, receive, send)


_TOO_MANY = JSONResponse(
    {"error": "Too many tabs watch runs at once. Close some; this one goes on by itself."},
    status_code=429,
    headers={"Retry-After": "10"},
)


def _count(text: str | None) -> int:
    """A plain number of points; 0 for everything else that `int` would take."""
    return int(text) if text and _COUNT.fullmatch(text) else 0


routes = [
    Route("/api/runs/{run_id}/events", run_events),
    Route("/api/runs/events", all_events),
    Route("/api/runs/{run_id}/moments", run_moments),
    Route("/api/runs/{run_id}/watch", watch_run, methods=["POST"]),
    Route(PLOTLY_URL, plotly_script),
    components_route,
    nets_route,
]
middleware = [Middleware(KnownHosts), Middleware(OwnerCookie), Middleware(UploadBudget), Middleware(Incoming)]
