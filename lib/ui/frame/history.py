"""The browser's history: a script of ours in every page, so that Back goes from set-up to set-up."""

import json
from functools import cache
from pathlib import Path

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lib.ui.setup.link import NAMES

_SCRIPT = Path(__file__).parent / "assets" / "history.js"
_HEAD = b"<head>"
# A page is always sent whole and plain: it is small, and must not be an older one without the script.
_UNWANTED = {b"accept-encoding", b"if-none-match", b"if-modified-since", b"range"}


class PageHistory:
    """Put the script at the top of every HTML page."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on; a page once it is whole, with the script in it."""
        if scope["type"] != "http" or "text/html" not in Headers(scope=scope).get("accept", ""):
            await self.app(scope, receive, send)
            return
        start: Message | None = None
        body = b""

        async def send_page(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start" and _is_page(message):
                start = message
            elif start is None:
                await send(message)
            else:
                body += message.get("body", b"")
                if not message.get("more_body"):
                    page = body.replace(_HEAD, _HEAD + _script(), 1)
                    MutableHeaders(scope=start)["content-length"] = str(len(page))
                    await send(start)
                    await send({"type": "http.response.body", "body": page})

        plain = [(name, value) for name, value in scope["headers"] if name not in _UNWANTED]
        await self.app({**scope, "headers": plain}, receive, send_page)


def _is_page(start: Message) -> bool:
    return Headers(raw=start["headers"]).get("content-type", "").startswith("text/html")


@cache
def _script() -> bytes:
    script = _SCRIPT.read_text(encoding="utf-8").replace("NAMES", json.dumps(sorted(NAMES)))
    return f"<script>\n{script}</script>".encode()
