"""What pages may wish of the class, as POSTs: a teacher's and a student's, each of one shape, with token and Origin."""

import asyncio
import json
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from lib.classroom import Refused, Room, Teacher, the_room
from lib.classroom.allowing import Size
from lib.classroom.averaging import Start
from lib.classroom.leaderboard import Kind
from lib.classroom.showing import Screen
from lib.config import RunConfig
from lib.lessons import lessons
from lib.ui.classroom import votes
from lib.ui.classroom.callers import TOKEN, body_of, is_meant, teacher_in
from lib.ui.serve.browser import owner_of
from lib.ui.setup.link import NAMES, from_link

_MOST_BYTES = 8_000
_Key = Annotated[str, Field(pattern=r"^[0-9a-f]{8}$")]
_Parts = Annotated[dict[str, Annotated[str, Field(max_length=400)]], Field(max_length=60)]


class _Wish(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")


class _OneStudent(_Wish):
    wish: Literal["admit", "remove", "pause", "free", "stop", "lower_hand", "show"]
    key: _Key


class _OfTheDoor(_Wish):
    wish: Literal["set_door"]
    door: Literal["open", "ask", "closed"]


class _StopAndLook(_Wish):
    wish: Literal["stop_and_look"]
    sentence: Annotated[str, Field(max_length=200)] = ""


class _Plain(_Wish):
    wish: Literal[
        "go_on", "clear_projector", "close_question", "wipe", "cancel_vote", "let_pictures_in", "close_leaderboard"
    ]


class _Ask(_Wish):
    wish: Literal["ask"]
    text: Annotated[str, Field(max_length=300)]
    options: Annotated[list[Annotated[str, Field(max_length=100)]], Field(max_length=20)]


class _AskAbout(_Wish):
    wish: Literal["ask_about"]
    parts: _Parts


class _LetRunDecide(_Wish):
    wish: Literal["let_run_decide"]


class _Decide(_Wish):
    wish: Literal["decide"]
    right: Annotated[int, Field(ge=0, lt=10)]


class _OfAPage(_Wish):
    page: Annotated[str, Field(max_length=20)]
    parts: _Parts


class _Send(_OfAPage):
    wish: Literal["send"]
    to: Annotated[list[_Key], Field(max_length=100)] | None = None


class _Lead(_OfAPage):
    wish: Literal["lead"]
    on: bool


class _Went(_OfAPage):
    wish: Literal["went"]


class _Project(_Wish):
    wish: Literal["project"]
    screen: Screen


class _OfTheShelf(_Wish):
    wish: Literal["show_moment", "forget_moment"]
    key: _Key


class _KeepMoment(_Wish):
    wish: Literal["keep_moment"]
    caption: Annotated[str, Field(max_length=120)] = ""


class _Allow(_Wish):
    wish: Literal["allow"]
    what: Annotated[str, Field(max_length=30)]
    on: bool
    parts: _Parts | None = None  # the teacher's set-up: the class keeps its value


class _Limit(_Wish):
    wish: Literal["limit"]
    size: Size


class _HoldVote(_Wish):
    wish: Literal["hold_vote"]
    data: Annotated[str, Field(max_length=60)]


class _OpenLeaderboard(_Wish):
    wish: Literal["open_leaderboard"]
    data: Annotated[str, Field(max_length=60)]
    kind: Kind
    most: Annotated[int, Field(ge=1, le=10_000_000)]


class _Gather(_Wish):
    wish: Literal["gather"]
    data: Annotated[str, Field(max_length=60)]


class _OfAPicture(_Wish):
    wish: Literal["let_picture_in", "take_picture_out", "throw_picture_away"]
    key: _Key


class _NameVoters(_Wish):
    wish: Literal["name_voters"]
    on: bool


class _SendStarts(_Wish):
    wish: Literal["send_starts"]
    start: Start
    parts: _Parts


TeacherWish = Annotated[
    _OneStudent | _OfTheDoor | _StopAndLook | _Plain | _Send | _Lead | _Went | _Project | _OfTheShelf | _KeepMoment
    | _Allow | _Limit | _Ask | _AskAbout | _LetRunDecide | _Decide | _HoldVote
    | _NameVoters | _SendStarts | _OpenLeaderboard | _Gather | _OfAPicture,
    Field(discriminator="wish"),
]  # fmt: skip
_TEACHER: TypeAdapter[TeacherWish] = TypeAdapter(TeacherWish)


class _Hand(_Wish):
    wish: Literal["hand"]
    up: bool


class _Active(_Wish):
    wish: Literal["active", "leave_teacher"]


class _Answer(_Wish):
    wish: Literal["answer"]
    key: _Key
    choice: Annotated[int, Field(ge=0, lt=10)]


StudentWish = Annotated[_Hand | _Active | _Answer, Field(discriminator="wish")]
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
    return await asyncio.to_thread(_granted, _do, teacher, wish, owner_of(request.cookies) or "")


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


def _do(teacher: Teacher, wish: TeacherWish, owner: str) -> None:
    """Each wish is a method of `Teacher` with the same name, and its fields are what that takes."""
    match wish:
        case _AskAbout():
            teacher.ask_about(from_link(wish.parts)[0])
        case _Allow():
            teacher.allow(wish.what, wish.on, from_link(wish.parts)[0] if wish.parts else None)
        case _Send():
            teacher.send(wish.page, wish.parts, wish.to, _set_ups(wish.parts))
        case _SendStarts():
            for number, key in enumerate(teacher.keys_in(), start=1):
                parts = {**wish.parts, **votes.start_in_link(wish.start, number)}
                teacher.send("train", parts, [key], _set_ups(parts) if number == 1 else ())
        case _HoldVote():
            votes.begin(teacher, wish.data)
        case _Plain(wish="cancel_vote"):
            votes.cancel()
        case _LetRunDecide():
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
        case _Hand():
            room.raise_hand(owner, wish.up)
        case _Answer():
            room.asking.answer(room.somebody_in(owner), wish.key, wish.choice)
        case _Active():
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
