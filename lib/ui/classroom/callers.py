"""Whose browser asks: a student's by the cookie that every browser has, a teacher's by one of another kind."""

import hashlib
from collections.abc import Mapping
from urllib.parse import urlsplit

import streamlit as st
from starlette.requests import HTTPConnection, Request

from lib.classroom import Teacher, rights, teacher_with, the_room
from lib.home.key import home_key
from lib.runs import get_registry
from lib.ui.serve.browser import owner_of

TOKEN = "x-glasshouse-token"


def teacher_cookie() -> str:
    """The name of the cookie that holds a teacher's pass."""
    return f"glasshouse_teacher_{hashlib.sha256(home_key().secret).hexdigest()[:8]}"


def pass_in(cookies: Mapping[str, object]) -> str:
    """The teacher's pass among the cookies; "" if there is none."""
    return str(cookies.get(teacher_cookie(), ""))


def teacher_in(cookies: Mapping[str, object]) -> Teacher | None:
    """The teacher whose browser this is, if it is one's."""
    return teacher_with(pass_in(cookies), the_room(), get_registry())


def teacher_here() -> Teacher | None:
    """The teacher at this page, if it is one."""
    return teacher_in(st.context.cookies)


def student_here() -> str | None:
    """The name of this browser, as the class knows it; None if it keeps no cookie."""
    return owner_of(st.context.cookies)


def token_of(cookies: Mapping[str, object], *, teacher: bool) -> str:
    """What a page hands to its components, to go with each wish."""
    who = rights.teacher_of(pass_in(cookies)) if teacher else owner_of(cookies)
    return rights.token_for(f"{'teacher' if teacher else 'student'}:{who}") if who else ""


def is_meant(request: HTTPConnection, token: str, *, teacher: bool) -> bool:
    """True if a wish comes from one of our own pages: its Origin is this server, and its token is this browser's."""
    expected = token_of(request.cookies, teacher=teacher)
    return bool(expected) and is_ours(request) and rights.same(expected, token)


def is_ours(request: HTTPConnection) -> bool:
    """True if a page of this very server sent it."""
    origin, host = request.headers.get("origin", ""), request.headers.get("host", "")
    return urlsplit(origin).netloc.lower() == host.lower() != ""


def address_of(request: HTTPConnection) -> str:
    """Where it comes from, for counting tries."""
    return request.client.host if request.client else ""


async def body_of(request: Request, most: int) -> bytes:
    """What was sent, `most` bytes at most; ValueError as soon as it is longer."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > most:
            raise ValueError("too long")
    return body
