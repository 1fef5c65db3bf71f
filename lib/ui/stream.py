"""Our own routes beside Streamlit's: the live events of a run, and plotly for the browser.

A run's events go out as server-sent events: about 90 bytes an update, no Streamlit rerun. `points` carries how many
points the browser has after it as the event id, so a broken connection goes on where it was.
"""

import asyncio
import gzip
import json
from collections.abc import AsyncIterator
from functools import cache
from importlib.resources import files
from typing import Any

from plotly import __version__ as plotly_version
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from lib.runs import Registry, Run, get_registry
from lib.ui.browser import OwnerCookie
from lib.ui.replay import run_moments

PLOTLY_URL = f"/api/plotly-{plotly_version}.min.js"

MOST_RUNS = 40  # over one connection

_LOOK_SECONDS = 0.08  # between looks at the run
_STATUS_SECONDS = 0.4  # between looks at its numbers
_ALIVE_SECONDS = 15.0  # between comments that keep proxies from hanging up


async def run_events(request: Request) -> Response:
    """Stream one run: `points`, `epochs`, `marks`, `checks`, `status`, `glimpse`; `gone` when there is no such run."""
    run = await asyncio.to_thread(lambda: get_registry().find(request.path_params["run_id"]))
    start = request.headers.get("last-event-id") or request.query_params.get("from") or "0"
    events = _gone() if run is None else _events(get_registry(), run, int(start) if start.isdigit() else 0)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(events, media_type="text/event-stream", headers=headers)


async def all_events(request: Request) -> Response:
    """Stream several runs over one connection, `?runs=ID:FROM,ID:FROM`: browsers allow only six to a server.

    The events are those of `run_events`, named `ID/points` and so on; FROM is how many points the browser has.
    """
    asked = [part.partition(":") for part in request.query_params.get("runs", "").split(",")[:MOST_RUNS] if part]
    found = await asyncio.to_thread(lambda: [get_registry().find(run_id) for run_id, _, _ in asked])
    voices = [
        _gone(f"{run_id}/") if run is None else _events(get_registry(), run, int(n) if n.isdigit() else 0, f"{run_id}/")
        for (run_id, _, n), run in zip(asked, found, strict=True)
    ]
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(_together(voices), media_type="text/event-stream", headers=headers)


async def _together(voices: list[AsyncIterator[str]]) -> AsyncIterator[str]:
    """What all of them say, as it comes, until the last one has ended."""
    said: asyncio.Queue[str | None] = asyncio.Queue()

    async def pass_on(voice: AsyncIterator[str]) -> None:
        try:
            async for text in voice:
                await said.put(text)
        finally:
            said.put_nowait(None)

    tasks = [asyncio.create_task(pass_on(voice)) for voice in voices]
    try:
        going = len(tasks)
        while going:
            text = await said.get()
            if text is None:
                going -= 1
            else:
                yield text
    finally:  # the browser has gone
        for task in tasks:
            task.cancel()


async def watch_run(request: Request) -> Response:
    """Renew a run's lease from a tab that is open but hidden, where no events are streamed."""
    run = await asyncio.to_thread(lambda: get_registry().find(request.path_params["run_id"]))
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


async def _gone(label: str = "") -> AsyncIterator[str]:
    yield _message("gone", {}, label=label)


async def _events(registry: Registry, run: Run, sent: int, label: str = "") -> AsyncIterator[str]:
    """Say everything that is new, look again a moment later, and hang up when the run has ended.

    label: stands before the name of each event where one connection carries several runs.
    """
    yield "retry: 1000\n\n"
    said: dict[str, str] = {}
    told: dict[str, int] = {}  # how many epochs, marks and checks the browser has
    shortened, quiet, turn = run.log.shortened, 0.0, 0
    while True:
        run.watch()
        ended = run.has_ended  # read before the rest, so that nothing published last is missed
        news = []
        if run.log.shortened != shortened or sent > len(run.log.points):
            shortened, sent = run.log.shortened, 0
            told.clear()
        if points := run.log.points[sent:]:
            news.append(_message("points", {"from": sent, "points": points}, sent + len(points), label))
            sent += len(points)
        for kind in ("epochs", "marks", "checks"):
            first = told.get(kind, 0)
            entries = getattr(run.log, kind)[first:]
            if entries or kind not in told:  # only what is new: in a long run all of them are thousands
                news.append(_message(kind, {"from": first, kind: entries}, label=label))
                told[kind] = first + len(entries)
        slow = {"status": registry.status(run)} if turn % round(_STATUS_SECONDS / _LOOK_SECONDS) == 0 or ended else {}
        for kind, value in ({"glimpse": run.glimpse} | slow).items():
            text = _message(kind, value, label=label) if value is not None else None
            if text and said.get(kind) != text:
                said[kind] = text
                news.append(text)
        if news:
            quiet = 0.0
            yield "".join(news)
        elif quiet > _ALIVE_SECONDS:
            quiet = 0.0
            yield ": still here\n\n"
        if ended:
            return
        turn, quiet = turn + 1, quiet + _LOOK_SECONDS
        await asyncio.sleep(_LOOK_SECONDS)


def _message(kind: str, value: Any, event_id: int | None = None, label: str = "") -> str:
    head = "" if event_id is None or label else f"id: {event_id}\n"
    return f"{head}event: {label}{kind}\ndata: {json.dumps(value, separators=(',', ':'))}\n\n"


routes = [
    Route("/api/runs/{run_id}/events", run_events),
    Route("/api/runs/events", all_events),
    Route("/api/runs/{run_id}/moments", run_moments),
    Route("/api/runs/{run_id}/watch", watch_run, methods=["POST"]),
    Route(PLOTLY_URL, plotly_script),
]
middleware = [Middleware(OwnerCookie)]
