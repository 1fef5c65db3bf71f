"""By which names this server may be called: a page elsewhere can give its own name our address, and must get nothing.

A name can be turned to our address by whoever owns it (DNS rebinding); a bare address cannot. So `make run` answers to
this machine's names for itself, `make classroom` also to addresses and to the machine's name, and GLASSHOUSE_HOSTS
adds others: names with commas between them, `*.school.example` for all below one, `*` for all.
"""

import ipaddress
import os
import re
import socket
from functools import lru_cache

from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketClose
from streamlit import config

_HOST = re.compile(r"(\[[0-9a-f:.]{2,45}\]|[a-z0-9_.-]{1,253})(:[0-9]{1,5})?", re.IGNORECASE)


def host_of(header: str | None) -> str | None:
    """The name or address in a Host header, without port and brackets, in small letters; None if it is none."""
    found = _HOST.fullmatch(header or "")
    return found[1].strip("[]").lower().rstrip(".") if found else None


def is_known(header: str | None, bound_to: str | None, added: str = "") -> bool:
    """True if a server that listens at `bound_to` (None: everywhere) may be called so.

    added: as in GLASSHOUSE_HOSTS
    """
    host = host_of(header)
    if host is None:
        return False
    if host == "localhost" or _is_loopback(host) or any(_fits(host, name) for name in added.split(",")):
        return True
    if bound_to == "localhost" or _is_loopback(bound_to or ""):
        return False
    return _address(host) is not None or host in _own_names()


def _fits(host: str, name: str) -> bool:
    name = name.strip().lower().rstrip(".")
    return name == "*" or (name.startswith("*.") and host.endswith(name[1:])) or (name != "" and host == name)


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _is_loopback(host: str) -> bool:
    address = _address(host)
    return address is not None and address.is_loopback


@lru_cache(maxsize=1)
def _own_names() -> frozenset[str]:
    """What this machine is called, also as its neighbours find it without a name server."""
    name = socket.gethostname().lower().rstrip(".")
    short = name.partition(".")[0]
    return frozenset({name, short, f"{short}.local"}) - {""}


class KnownHosts:
    """Answer only who calls this server by one of its names: pages, our routes and the websocket alike."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is addressed to us."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        headers = HTTPConnection(scope).headers.getlist("host")
        bound_to, added = config.get_option("server.address"), os.environ.get("GLASSHOUSE_HOSTS", "")
        if len(headers) == 1 and is_known(headers[0], bound_to, added):
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await WebSocketClose(code=1008)(scope, receive, send)
        else:
            await PlainTextResponse(_sentence(host_of(headers[0]) if headers else None), 421)(scope, receive, send)


def _sentence(host: str | None) -> str:
    if host is None:
        return "This request does not say which server it is for.\n"
    return (
        f"This Glasshouse is not known as “{host}”. If it should be, start it with GLASSHOUSE_HOSTS={host}; "
        "for a class on the local network, with `make classroom`.\n"
    )
