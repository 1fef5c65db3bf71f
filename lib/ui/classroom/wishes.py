"""What pages may wish of the class, as POSTs: a teacher's and a student's, each of one shape, with token and Origin."""

import asyncio
import json
from typing import Any

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from lib.classroom import Refused, Room, Teacher, the_room
from lib.config import RunConfig
from lib.lessons import lessons
from lib.ui.classroom import rehearsing, votes
from lib.ui.classroom.callers import TOKEN, body_of, is_meant, teacher_in
from lib.ui.classroom.wish_shapes import (
    STUDENT_WISH,
    TEACHER_WISH,
    Active,
    Allow,
    Answer,
    AskAbout,
    Hand,
    HoldVote,
    LetRunDecide,
    Plain,
    Rehearse,
    Send,
    SendStarts,
    StudentWish,
    TeacherWish,
)
from lib.ui.serve.browser import owner_of
from lib.ui.setup.link import NAMES, from_link

_MOST_BYTES = 8_000


async def teacher_wish(request: Request) -> Response:
    """Do what a teacher wishes; 403 for everybody else."""
    teacher = await asyncio.to_thread(teacher_in, request.cookies)
    if teacher is None or not is_meant(request, request.headers.get(TOKEN, ""), teacher=True):
        return _forbidden()
    try:
        wish = TEACHER_WISH.validate_python(await _body(request))
    except (ValidationError, ValueError):
        return JSONResponse({"error": "wrong_shape"}, 400)
    return await asyncio.to_thread(_granted, _do, teacher, wish, owner_of(request.cookies) or "")


async def student_wish(request: Request) -> Response:
    """Do what a student wishes for herself; 403 where no student's page asks."""
    room, owner = the_room(), owner_of(request.cookies)
    if room is None or owner is None or not is_meant(request, request.headers.get(TOKEN, ""), teacher=False):
        return _forbidden()
    try:
        wish = STUDENT_WISH.validate_python(await _body(request))
    except (ValidationError, ValueError):
        return JSONResponse({"error": "wrong_shape"}, 400)
    return await asyncio.to_thread(_granted, _do_for_herself, room, owner, wish)


def _do(teacher: Teacher, wish: TeacherWish, owner: str) -> None:
    """Each wish is a method of `Teacher` with the same name, and its fields are what that takes."""
    match wish:
        case AskAbout():
            teacher.ask_about(from_link(wish.parts)[0])
        case Allow():
            teacher.allow(wish.what, wish.on, from_link(wish.parts)[0] if wish.parts else None)
        case Send():
            teacher.send(wish.page, wish.parts, wish.to, _set_ups(wish.parts))
        case SendStarts():
            for number, key in enumerate(teacher.keys_in(), start=1):
                parts = {**wish.parts, **votes.start_in_link(wish.start, number)}
                teacher.send("train", parts, [key], _set_ups(parts) if number == 1 else ())
        case HoldVote():
            votes.begin(teacher, wish.data)
        case Plain(wish="cancel_vote"):
            votes.cancel()
        case Rehearse():
            rehearsing.begin(teacher, wish.students, wish.parts)
        case Plain(wish="cancel_rehearsal"):
            rehearsing.cancel()
        case LetRunDecide():
            teacher.let_run_decide(owner)
        case _:
            said = dict(wish)
            getattr(teacher, said.pop("wish"))(**said)


def _set_ups(parts: dict[str, str]) -> list[RunConfig]:
    """What an address has the class train: its set-up, or those of its lesson."""
    lesson = lessons()[0].get(parts.get("lesson", ""))
    steps = [step.setup.config(name) for name in lesson.data for step in lesson.steps if step.setup] if lesson else []
    return [*steps, from_link(parts)[0]] if NAMES & set(parts) else steps


def _do_for_herself(room: Room, owner: str, wish: StudentWish) -> None:
    match wish:
        case Hand():
            room.raise_hand(owner, wish.up)
        case Answer():
            room.asking.answer(room.somebody_in(owner), wish.key, wish.choice)
        case Active():
            if room.is_in(owner):
                room.seen(owner)
            if wish.wish == "leave_teacher" and (student := room.student(owner)) is not None:
                room.sending.leave(student)


def _granted(do: Any, *what: Any) -> Response:
    try:
        do(*what)
    except Refused as refused:
        return JSONResponse({"error": refused.code}, 409)
    return Response(status_code=204)


async def _body(request: Request) -> Any:
    """What was sent, as JSON; ValueError if it is too long or none."""
    try:
        return json.loads(await body_of(request, _MOST_BYTES))
    except RecursionError:
        raise ValueError("too deep") from None


def _forbidden() -> Response:
    return JSONResponse({"error": "not_yours"}, 403)
