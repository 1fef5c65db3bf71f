"""A rehearsal before class: simulated students join this very class in a process of their own, and leave nothing."""

import json
import logging
import os
import subprocess
import threading
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from time import monotonic
from typing import Any

from lib.classroom.record import Refused
from lib.classroom.room import Room
from lib.classroom.taking_home import clear_away, runs_of
from lib.runs import Registry

logger = logging.getLogger(__name__)

FEWEST, MOST = 2, 30  # students
LONGEST_SECONDS = 330.0  # for all of it; then its process is ended
# What a class can bear: the same bars as those of the load bench.
BARS = {"joined": 60.0, "gap": 3.0, "page": 1.0, "memory_mb": 1_500.0}
_LOOK_SECONDS, _MEMORY_SECONDS = 0.25, 2.0
_PATIENCE = 4  # times that runs are waited for
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4_096

Command = Callable[[str], Sequence[str]]  # given the code of the rehearsal: what is to be run


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """What the simulated students saw, in seconds; None where it could not be measured."""

    students: int
    joined: float  # until the last one's curve had its first point
    gap: float  # between two moves of a curve, p95
    page: float  # until a page was drawn, p95
    memory_mb: float | None  # of the server and its workers, at its fullest

    def good(self, what: str) -> bool | None:
        """Whether a number keeps to its bar."""
        found = getattr(self, what)
        return None if found is None else found <= BARS[what]


def rehearse(room: Room, registry: Registry, command: Command, students: int) -> Generator[float, None, Rehearsed]:
    """Have so many students attend whom `command` simulates; yields the share that is done.

    However it ends, also by `close`, their process is over and they are forgotten, with everything that they made.
    Refused while the class itself trains or stands still, and "broke_off" where the simulation did.
    """
    if room.stopped is not None or _trains(room, registry):
        raise Refused("rehearse_later")
    students = min(max(students, FEWEST), MOST)
    code = room.side_door.open(students)
    child = None
    try:
        child = subprocess.Popen(
            command(code), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=Path(__file__).parents[2], text=True
        )
        found, memory = yield from _follow(child)
    finally:
        room.side_door.shut()
        if child is not None:
            child.kill()
            child.wait()
        forget_rehearsed(room, registry)
    try:
        return Rehearsed(students, found["joined"], found["gap_p95"], found["page_p95"], memory)
    except KeyError:  # it says what went wrong instead, which is of use to whoever looks after the machine
        logger.warning("a rehearsal broke off: %s", found.get("error", "it ended without a word"))
        raise Refused("rehearsal_broke_off") from None


def forget_rehearsed(room: Room, registry: Registry) -> None:
    """Forget whoever came for a rehearsal, also one that this process knows nothing of: it may have been killed.

    Whose run does not end, on a machine that is that busy, is known until the next time.
    """
    came = [student for student in room.students if student.rehearses]
    for picture in (each for student in came for each in room.gathering.added_by(student)):
        room.gathering.throw_away(picture.key)
    for _ in range(_PATIENCE):
        clear_away(came, registry)
        room.forget({student.key for student in came if not runs_of(student, registry)})
        if not (came := [student for student in came if room.by_key(student.key) is not None]):
            return


def _trains(room: Room, registry: Registry) -> bool:
    return any(not run.has_ended and room.student(run.owner) is not None for run in registry.at_hand())


def _follow(child: "subprocess.Popen[str]") -> Generator[float, None, tuple[dict[str, Any], float | None]]:
    """Read what the simulation says until it ends: shares that are done, and at last what it found."""
    lines: SimpleQueue[str] = SimpleQueue()
    threading.Thread(target=_read, args=(child, lines), name="rehearsal", daemon=True).start()
    said: dict[str, Any] = {}
    share, memory, looked, until = 0.0, None, 0.0, monotonic() + LONGEST_SECONDS
    while line := _next(lines):
        with suppress(ValueError):
            said = json.loads(line)
        share = max(share, said.get("share", 0.0))
        if monotonic() > until:
            raise Refused("rehearsal_broke_off")
        if monotonic() - looked > _MEMORY_SECONDS:
            memory, looked = _larger(memory, held_mb(os.getpid(), without=child.pid)), monotonic()
        yield share
    return said, memory


def _next(lines: "SimpleQueue[str]") -> str:
    """The next line; a blank one where none came for a while, and nothing at the end."""
    try:
        return lines.get(timeout=_LOOK_SECONDS)
    except Empty:
        return "\n"


def _read(child: "subprocess.Popen[str]", lines: "SimpleQueue[str]") -> None:
    assert child.stdout is not None
    with child.stdout as said:
        for line in said:
            lines.put(line)
    lines.put("")


def _larger(one: float | None, other: float | None) -> float | None:
    return max((each for each in (one, other) if each is not None), default=None)


def held_mb(pid: int, without: int) -> float | None:
    """What a process holds in memory with those that it started, but for one; None where the system does not tell."""
    parents: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError, ValueError, IndexError):  # ended meanwhile
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
    if pid not in parents:
        return None
    return sum(_resident_mb(each) for each in parents if each == pid or pid in _above(each, parents, without))


def _above(pid: int, parents: dict[int, int], without: int) -> Iterable[int]:
    while pid in parents and pid != without:
        pid = parents[pid]
        yield pid


def _resident_mb(pid: int) -> float:
    with suppress(OSError, IndexError):
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE_BYTES / 1e6
    return 0.0
