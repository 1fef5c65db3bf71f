"""What pages may wish of the class, as POSTs: a teacher's and a student's, each of one shape, with token and Origin."""

import asyncio
import json
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from lib.classroom import Refused, Room, Teacher, the_room
from lib.ui.classroom.callers import TOKEN, body_of, is_meant, teacher_in
from lib.ui.serve.browser import owner_of

_MOST_BYTES = 8_000
_Key = Annotated[str, Field(pattern=r"^[0-9a-f]{8}$")]


class _Wish(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")


class _OneStudent(_Wish):
    wish: Literal["admit", "remove", "pause", "free", "stop", "lower_hand"]
    key: _Key


class _OfTheDoor(_Wish):
    wish: Literal["door"]
    door: Literal["open", "ask", "closed"]


class _StopAndLook(_Wish):
    wish: Literal["stop_and_look"]
    sentence: Annotated[str, Field(max_length=200)] = ""


class _GoOn(_Wish):
    wish: Literal["go_on"]


TeacherWish = Annotated[_OneStudent | _OfTheDoor | _StopAndLook | _GoOn, Field(discriminator="wish")]
_TEACHER: TypeAdapter[TeacherWish] = TypeAdapter(TeacherWish)


class _Hand(_Wish):
    wish: Literal["hand"]
    up: bool


class _Active(_Wish):
    wish: Literal["active"]


StudentWish = Annotated[_Hand | _Active, Field(discriminator="wish")]
_STUDENT: TypeAdapter[StudentWish] = TypeAdapter(StudentWish)


async def teacher_wish(request: Request) -> Response:
    """Do what a teacher wishes; 403 for everybody else."""
    teacher = await asyncio.to_thread(teacher_in, request.cookies)
    if teacher is None or not is_meant(request, request.headers.get(TOKEN, ""), teacher=True):
        return _forbidden()
    try:
        wish = _TEACHER.validate_python(await _body(request))
    except (ValidationError, ValueError):
        return JSONResponse({"error": "wrong_shape"}, 400)
    return await asyncio.to_thread(_granted, _do, teacher, wish)


async def student_wish(request: Request) -> Response:
    """Do what a student wishes for herself; 403 where no student's page asks."""
    room, owner = the_room(), owner_of(request.cookies)
    if room is None or owner is None or not is_meant(request, request.headers.get(TOKEN, ""), teacher=False):
        return _forbidden()
    try:
        wish = _STUDENT.validate_python(await _body(request))
    except (ValidationError, ValueError):
        return JSONResponse({"error": "wrong_shape"}, 400)
    return await asyncio.to_thread(_granted, _do_for_herself, room, owner, wish)


def _do(teacher: Teacher, wish: TeacherWish) -> None:
    match wish:
        case _OneStudent():
            getattr(teacher, wish.wish)(wish.key)
        case _OfTheDoor():
            teacher.set_door(wish.door)
        case _StopAndLook():
            teacher.stop_and_look(wish.sentence)
        case _GoOn():
            teacher.go_on()


def _do_for_herself(room: Room, owner: str, wish: StudentWish) -> None:
    match wish:
        case _Hand():
            room.raise_hand(owner, wish.up)
        case _Active():
            if room.is_in(owner):
                room.seen(owner)


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
