"""How long something will take on this machine, said before anything trains.

While a net is being timed, the browser asks a route of ours for the sentence: the page does not run again for it.
"""

import asyncio
import hashlib
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from lib.config import RunConfig
from lib.datasets import DatasetInfo
from lib.models import ShapeError
from lib.runs import TooMuch, get_registry
from lib.runs.time_needed import Estimate, estimate
from lib.ui.components.how_long import how_long
from lib.ui.setup import session
from lib.ui.setup.sizes import split_sizes
from lib.ui.words import language, preferred, say_in, speaking
from lib.ui.words.telling import problem_said

Say = Callable[[list[Estimate]], tuple[str, str | None]]

_MOST_OPEN = 500  # questions that browsers may still ask
_open: OrderedDict[str, Callable[[], dict[str, Any]]] = OrderedDict()
_lock = threading.Lock()
_key = secrets.token_bytes(16)  # so that nobody else's question can be guessed


def say_how_long(key: str, configs: Sequence[RunConfig], info: DatasetInfo, say: Say) -> None:
    """Say how long these runs will take, in the words of `say(estimates)`, a sentence and what stands behind it.

    Runs that would not be started are refused in words.
    """
    by, spoken = session.owner(), language()
    known = _said(configs, info, say, by)
    if known.get("bad"):
        st.caption(f":orange[{known['text']}]")
        return
    token = hashlib.blake2s(repr((by, key, spoken, info.name, configs)).encode(), key=_key, digest_size=16).hexdigest()
    if not known:
        with _lock:
            _open[token] = lambda: _said_later(spoken, configs, info, say, by)
            while len(_open) > _MOST_OPEN:
                _open.popitem(last=False)
    how_long(key=key, text=known.get("text"), help_text=known.get("help"), ask=f"/api/expected/{token}")


def estimates(
    configs: Sequence[RunConfig], info: DatasetInfo, by: str, *, seconds: float = 0.05
) -> list[Estimate] | None:
    """How long each of these runs will take beside those that others train; None while a net is still being timed.

    seconds: how long to wait for each
    Raises TooMuch or ShapeError, in plain words, for one that would not be started.
    """
    found: list[Estimate] = []
    for config in configs:
        train, valid = split_sizes(config, info)
        known = estimate(config, info.input_shape, len(info.classes), pictures=train, valid=valid, wait=seconds, by=by)
        if known is None:
            return None
        found.append(known)
    registry = get_registry()
    others = registry.in_line()
    return [each.beside(others, registry.share_of(by)) for each in found] if others else found


def _said(configs: Sequence[RunConfig], info: DatasetInfo, say: Say, by: str) -> dict[str, Any]:
    """What the browser is told: nothing while a net is still being timed."""
    try:
        found = estimates(configs, info, by)
    except (TooMuch, ShapeError) as problem:
        return {"text": problem_said(problem), "bad": True}
    if found is None:
        return {}
    text, help_text = say(found)
    return {"text": text, "help": help_text}


def _said_later(spoken: str, *what: Any) -> dict[str, Any]:
    """`_said` for a browser that asks a route of ours: in the language that its page had."""
    with speaking(spoken):
        return _said(*what)


async def expected(request: Request) -> Response:
    """Answer a browser that waits for a sentence; nothing yet is `{}`."""
    with _lock:
        asked = _open.get(request.path_params["token"])
    if asked is None:  # of a server that has gone, or of long ago
        return JSONResponse({"text": say_in(preferred(request.headers), "setup.reload_to_see"), "bad": True})
    answer = await asyncio.to_thread(asked)
    return JSONResponse(answer, headers={"Cache-Control": "no-store"})


routes = [Route("/api/expected/{token}", expected)]
