"""What an ended run said to its strip of test pictures at moments of its past, for the replay in the browser."""

import asyncio
from functools import lru_cache
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from lib.nets.replay import moments
from lib.runs import Run
from lib.ui.serve.passes import find_for

Said = list[tuple[float, Any]]  # epochs since the start, answers


async def run_moments(request: Request) -> Response:
    """List `[epochs, [[class, probability], ...]]`, in order; nothing while the run goes on."""
    run = await asyncio.to_thread(find_for, request, request.path_params["run_id"])
    if run is None:
        return JSONResponse({"error": "There is no such run."}, status_code=404)
    said = await asyncio.to_thread(_said, run) if run.has_ended else []
    return JSONResponse(said, headers={"Cache-Control": "no-store"})


@lru_cache(maxsize=32)  # a few kB each; computed once however many watch
def _said(run: Run) -> Said:
    kept = run.recording.moments if run.recording else moments(run)
    return [(moment.at, moment.answers) for moment in kept]
