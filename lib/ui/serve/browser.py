"""Whose browser this is: a random name in a cookie that this server has signed, and nothing else counts as one."""

import asyncio
import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lib.home.key import home_key
from lib.runs import get_registry

_UNSIGNED = "glasshouse_owner"  # the cookie of earlier versions
_NAME = re.compile(r"[A-Za-z0-9_-]{22}")
_YEAR = 31_536_000  # seconds


def new_owner() -> str:
    """A name that nobody can guess."""
    return secrets.token_urlsafe(16)


def cookie_name() -> str:
    """The cookie of this home: two servers on one machine share their cookies, but not their keys."""
    return f"{_UNSIGNED}_{hashlib.sha256(home_key().secret).hexdigest()[:8]}"


def signed(owner: str) -> str:
    """What the cookie of `owner` holds."""
    return f"{owner}.{_signature(owner)}"


def owner_of(cookies: Mapping[str, object]) -> str | None:
    """The browser's name, if its cookie is one that this server gave out."""
    owner, _, signature = str(cookies.get(cookie_name(), "")).partition(".")
    genuine = _NAME.fullmatch(owner) and hmac.compare_digest(signature.encode(), _signature(owner).encode())
    return owner if genuine else None


def _signature(owner: str) -> str:
    digest = hmac.digest(home_key().secret, f"owner:{owner}".encode(), "sha256")
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _earlier_owner(cookies: Mapping[str, str]) -> str | None:
    """The name that an earlier version gave out unsigned, if it has runs from before there was a key."""
    name = cookies.get(_UNSIGNED, "")
    return name if _NAME.fullmatch(name) and get_registry().knew(name, home_key().made) else None


class OwnerCookie:
    """Give every browser a name of its own with its first page, so that it finds its runs after a reload."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on; pages bring the cookie, or another year of it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if headers.get("content-type", "").startswith("text/html"):
                    headers.append("set-cookie", await asyncio.to_thread(_cookie_for, HTTPConnection(scope)))
            await send(message)

        await self.app(scope, receive, send_with_cookie)


def _cookie_for(connection: HTTPConnection) -> str:
    cookies = connection.cookies
    owner = owner_of(cookies) or _earlier_owner(cookies) or new_owner()
    secure = "; Secure" if connection.url.scheme == "https" else ""
    return f"{cookie_name()}={signed(owner)}; Path=/; Max-Age={_YEAR}; SameSite=Lax; HttpOnly{secure}"
