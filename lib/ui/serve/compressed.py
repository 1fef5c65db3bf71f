"""Streamlit's own scripts, compressed once: it sends three megabytes plain, and a slow network takes long for them."""

import asyncio
import gzip
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_WHERE = "/static/"
_KINDS = (".js", ".css")  # fonts and pictures are small already
_LEVEL = 6
# Without these an answer is whole and plain.
_UNWANTED = {b"accept-encoding", b"if-none-match", b"if-modified-since", b"range"}


def asked_plainly(scope: Scope) -> Scope:
    """The same question, whose answer will be whole and not compressed."""
    return {**scope, "headers": [(name, value) for name, value in scope["headers"] if name not in _UNWANTED]}


class Compressed:
    """Compress what a browser keeps for good, and remember it: its name says its version."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._known: dict[str, tuple[Any, bytes]] = {}  # path -> headers, content

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on but scripts and styles."""
        if not _is_wanted(scope):
            await self.app(scope, receive, send)
            return
        if scope["path"] not in self._known:
            start, body = await self._asked(scope, receive)
            if start["status"] != 200 or Headers(raw=start["headers"]).get("content-type", "").startswith("text/html"):
                await _answer(send, start, body)
                return
            headers = MutableHeaders(raw=list(start["headers"]))
            content = await asyncio.to_thread(gzip.compress, body, _LEVEL)
            headers["content-length"], headers["content-encoding"] = str(len(content)), "gzip"
            headers["vary"] = "Accept-Encoding"
            self._known[scope["path"]] = {**start, "headers": headers.raw}, content
        await _answer(send, *self._known[scope["path"]])

    async def _asked(self, scope: Scope, receive: Receive) -> tuple[Message, bytes]:
        """The whole answer of the app below, plain and not a part of it."""
        start: Message = {}
        body = b""

        async def keep(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start":
                start = message
            else:
                body += message.get("body", b"")

        await self.app(asked_plainly(scope), receive, keep)
        return start, body


def _is_wanted(scope: Scope) -> bool:
    if scope["type"] != "http" or scope["method"] != "GET" or not scope["path"].startswith(_WHERE):
        return False
    headers = Headers(scope=scope)
    if not scope["path"].endswith(_KINDS) or "range" in headers:
        return False
    return "gzip" in headers.get("accept-encoding", "")


async def _answer(send: Send, start: Message, body: bytes) -> None:
    await send(start)
    await send({"type": "http.response.body", "body": body})
