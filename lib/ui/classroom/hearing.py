"""What open pages hear without asking: the wall of a teacher, and what a student's bar has to say."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from lib.classroom import Room, Student, Wall, the_room
from lib.optimizers import OPTIMIZERS
from lib.runs import get_registry
from lib.ui.classroom.bar import depends_on
from lib.ui.classroom.callers import teacher_in
from lib.ui.serve.browser import owner_of
from lib.ui.serve.feeds import is_ending
from lib.ui.serve.stream import EventStream

_LOOK_SECONDS = 0.5  # two updates a second at most
_PRESENT_TURNS = 10  # looks between signs of life
_ALIVE_TURNS = 30  # looks without news, until a comment keeps proxies from hanging up

Look = Callable[[int], dict[str, Any] | None]  # given how often it was asked before

_walls: dict[int, Wall] = {}


class Telling:
    """Says what `look` gives whenever it is something else; ends when `look` gives nothing, or the server ends."""

    def __init__(self, kind: str, look: Look) -> None:
        self._kind, self._look = kind, look

    async def events(self) -> AsyncIterator[str]:
        yield "retry: 1000\n\n"
        said, quiet, turn = "", 0, 0
        while not is_ending():
            news = await asyncio.to_thread(self._look, turn)
            if news is None:
                yield "event: gone\ndata: {}\n\n"
                return
            text = json.dumps(news, separators=(",", ":"))
            if text != said:
                said, quiet = text, 0
                yield f"event: {self._kind}\ndata: {text}\n\n"
            elif (quiet := quiet + 1) % _ALIVE_TURNS == 0:
                yield ": still here\n\n"
            turn += 1
            await asyncio.sleep(_LOOK_SECONDS)


async def wall(request: Request) -> Response:
    """Stream the wall to a teacher: all tiles in their order, and how the class stands."""
    room = the_room()
    if room is None or await asyncio.to_thread(teacher_in, request.cookies) is None:
        return JSONResponse({"error": "not_yours"}, 403)
    return EventStream(request, Telling("wall", at_the_wall(room, request.cookies)))


def at_the_wall(room: Room, cookies: Mapping[str, str]) -> Look:
    """What is new on the wall, for one who watches; nothing any more once her pass has run out."""
    told: dict[str, str] = {}

    def look(_turn: int) -> dict[str, Any] | None:
        if teacher_in(cookies) is None:
            return None
        tiles = _wall_of(room).tiles()
        worded = {tile["key"]: json.dumps(tile) for tile in tiles}
        changed = [tile for tile in tiles if told.get(tile["key"]) != worded[tile["key"]]]
        told.clear()
        told.update(worded)
        return {"order": list(worded), "tiles": changed, "door": room.door, "stopped": room.stopped,
                "removed": _wall_of(room).removed()}  # fmt: skip

    return look


async def voice(request: Request) -> Response:
    """Stream to a student's bar, or a teacher's: whether everybody stops, and whether she is still in."""
    room, owner = the_room(), owner_of(request.cookies)
    if room is None or owner is None:
        return JSONResponse({"error": "not_yours"}, 403)

    def look(turn: int) -> dict[str, Any] | None:
        return _for_teacher(room) if teaches else for_student(room, owner, turn)

    teaches = await asyncio.to_thread(teacher_in, request.cookies) is not None
    return EventStream(request, Telling("voice", look))


def for_student(room: Room, owner: str, turn: int) -> dict[str, Any] | None:
    student = room.student(owner)
    if student is None or student.state != "in":
        return None
    if turn % _PRESENT_TURNS == 0:
        room.seen(owner, active=False)
    there = room.presence(owner)
    sent = room.sending.newest_for(student)
    return {"name": student.name, "stopped": room.stopped, "hand": there is not None and there.hand is not None,
            "sent": sent.number if sent else 0, "rules": depends_on(room),
            "follows": room.sending.follows(student), "question": _question_for(room, student)}  # fmt: skip


def _question_for(room: Room, student: Student) -> dict[str, Any] | None:
    """The question that is open, and what she has answered; of a set-up its rate and optimizer."""
    asked = room.asking.open_one()
    if asked is None:
        return None
    train = asked.config.train if asked.config else None
    return {"key": asked.key, "kind": asked.kind, "text": asked.text, "options": asked.options,
            "answer": asked.answers.get(student.key), "rate": f"{train.learning_rate:g}" if train else "",
            "optimizer": OPTIMIZERS[train.optimizer].title if train else ""}  # fmt: skip


def _for_teacher(room: Room) -> dict[str, Any]:
    tiles = _wall_of(room).tiles()
    return {"stopped": room.stopped, "follow": round(room.sending.seconds_left()),
            "here": sum(tile["here"] for tile in tiles),
            "needs": sum(tile["need"] is not None or tile["waiting"] for tile in tiles)}  # fmt: skip


def _wall_of(room: Room) -> Wall:
    if id(room) not in _walls:
        _walls.clear()
        _walls[id(room)] = Wall(room, get_registry())
    return _walls[id(room)]
