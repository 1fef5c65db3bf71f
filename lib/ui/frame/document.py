"""The page that Streamlit lives in: what has to be there before it is, so that nothing jumps and nothing is unstyled.

Streamlit's own page is an empty one with scripts, and each of its pages writes its style when it comes to it. Ours goes
into the document itself, with a script for Back, one that shows a page when it stands (`curtain.js`), one that speaks
while the server is away (`away.js`), and what the browser will need soon.
"""

import asyncio
import gzip
import json
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lib.ui.frame import opening, projector
from lib.ui.frame.page import PAGES
from lib.ui.serve.compressed import asked_plainly
from lib.ui.serve.stream import PLOTLY_URL
from lib.ui.setup.address import PLACE, TURN
from lib.ui.setup.link import NAMES
from lib.ui.words import LANGUAGES, say_in

_UI = Path(__file__).parents[1]
_ASSETS = Path(__file__).parent / "assets"
_HEAD, _HEAD_END, _BODY, _END = b"<head>", b"</head>", b"<body>", b"</body>"
_ELSEWHERE = {"components", "classroom"}  # in shadow roots, and of a page that looks like no other


class Document:
    """Put our own into every HTML page."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on; a page once it is whole, with what is ours in it."""
        if scope["type"] != "http" or "text/html" not in Headers(scope=scope).get("accept", ""):
            await self.app(scope, receive, send)
            return
        start: Message | None = None
        body = b""
        is_read = "gzip" in Headers(scope=scope).get("accept-encoding", "")  # compressed

        async def send_page(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start" and _is_page(message):
                start = message
            elif start is None:
                await send(message)
            else:
                body += message.get("body", b"")
                if not message.get("more_body"):
                    page = await asyncio.to_thread(_with_ours, body, scope["path"], _is_large(scope))
                    headers = MutableHeaders(scope=start)
                    if is_read:
                        page = gzip.compress(page, 6)
                        headers["content-encoding"] = "gzip"
                    headers["content-length"] = str(len(page))
                    await send(start)
                    await send({"type": "http.response.body", "body": page})

        # Always whole: a page is small, and must not be an older one without what is ours.
        await self.app(asked_plainly(scope), receive, send_page)


def _is_page(start: Message) -> bool:
    return Headers(raw=start["headers"]).get("content-type", "").startswith("text/html")


def _is_large(scope: Scope) -> bool:
    wanted = parse_qs(scope.get("query_string", b"").decode("latin-1"), keep_blank_values=True).get(projector.NAME, [])
    return bool(wanted) and projector.is_meant(wanted[0])


def _with_ours(page: bytes, path: str, large: bool) -> bytes:
    """Scripts before all others; the style behind Streamlit's, which it has to win against. large: for a projector."""
    if large:
        page = page.replace(b"<html", b'<html class="gh-projector"', 1)
    page = opening.without_needless(page).replace(_HEAD, _HEAD + _scripts(), 1)
    page = page.replace(_HEAD_END, opening.links(path) + _HEAD_END, 1)  # behind what Streamlit begins with
    page = page.replace(_BODY, _BODY + opening.shown_first(path), 1)
    return page.replace(_END, _style() + _END, 1)


@cache
def _scripts() -> bytes:
    history = _with_values("history.js", NAMES=sorted(NAMES), PAGES=sorted(_pages()), TURN=TURN, PLACE=PLACE)
    curtain = _with_values("curtain.js", PLOTLY=PLOTLY_URL)
    away = _with_values("away.js", WORDS={spoken: _words_of_away(spoken) for spoken in LANGUAGES})
    first = (_ASSETS / "curtain.css").read_text(encoding="utf-8")
    return f"<style>\n{first}</style><script>\n{history}\n{curtain}\n{away}</script>".encode()


def _with_values(script: str, **values: Any) -> str:
    """A script of ours, with what only the server knows as constants before it."""
    text = (_ASSETS / script).read_text(encoding="utf-8")
    constants = "".join(f"  const {name} = {json.dumps(value)};\n" for name, value in values.items())
    return f"{{\n{constants}{text}}}\n"


def _words_of_away(spoken: str) -> dict[str, str]:
    """What a page says by itself, in all languages: which one it is in is known later, when nobody can be asked."""
    return {
        "lost": say_in(spoken, "frame.away_lost"),
        "back": say_in(spoken, "frame.away_back"),
        "forever": say_in(spoken, "frame.away_forever"),
        "broken": say_in(spoken, "frame.broken_view"),
    }


def _pages() -> set[str]:
    """The pages that have an address of their own, as it ends."""
    return {path.stem for path in PAGES.glob("*.py")} - {"start"}


@cache
def _style() -> bytes:
    rooms = sorted(path for path in _UI.glob("*/*.css") if path.parent.name not in _ELSEWHERE)
    ordered = sorted(rooms, key=lambda path: path.name != "frame.css")  # what every page has, then their own
    rules = "".join(path.read_text(encoding="utf-8") for path in ordered)
    return f"<style>\n{rules}</style>".encode()
