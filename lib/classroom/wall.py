"""What a teacher sees of everybody: a tile a student, those who need her first."""

import threading
from collections import defaultdict
from time import monotonic
from typing import Any

from lib.classroom.curve import Curve, curve_of, guess_of
from lib.classroom.needs import Findings, Need, need_of
from lib.classroom.record import Student
from lib.classroom.room import Room
from lib.runs import Registry, Run

_LOOK_SECONDS = 0.4  # what several teachers see is looked at once
_MOST_REMOVED = 12

Tile = dict[str, Any]


class Wall:
    """Tiles of the room, looked at no more than twice a second however many watch."""

    def __init__(self, room: Room, registry: Registry) -> None:
        self._room, self._registry = room, registry
        self._findings = Findings()
        self._lock = threading.Lock()
        self._looked, self._tiles = 0.0, list[Tile]()
        self._curves: dict[str, tuple[int, Curve]] = {}
        self._left: dict[str, Tile] = {}  # the last run of students whose runs are no longer at hand

    def tiles(self) -> list[Tile]:
        """Everybody in the room or before its door, who needs somebody first."""
        with self._lock:
            if monotonic() - self._looked >= _LOOK_SECONDS:
                self._tiles = self._look()
                self._looked = monotonic()
            return self._tiles

    def removed(self) -> list[Tile]:
        """Who was taken out, the newest first: they may be let in again."""
        gone = [student for student in self._room.students if student.state == "removed"]
        return [{"key": student.key, "name": student.name} for student in reversed(gone)][:_MOST_REMOVED]

    def _look(self) -> list[Tile]:
        self._findings.next_look()
        by_owner: dict[str, list[Run]] = defaultdict(list)
        for run in self._registry.at_hand():
            by_owner[run.owner].append(run)
        found = []
        for place, student in enumerate(self._room.students):
            if student.state == "removed":
                continue
            runs = sorted(by_owner[student.owner], key=lambda run: run.created, reverse=True)
            need = None if student.state == "waiting" else need_of(self._present(student), runs, self._findings)
            rank = -1 if student.state == "waiting" else need.rank if need else 99
            found.append((rank, place, self._tile(student, runs, need)))
        self._curves = {run.id: self._curves[run.id] for runs in by_owner.values() for run in runs[:1]
                        if run.id in self._curves}  # fmt: skip
        return [tile for _, _, tile in sorted(found, key=lambda each: each[:2])]

    def _present(self, student: Student) -> Any:
        return self._room.presence(student.owner)

    def _tile(self, student: Student, runs: list[Run], need: Need | None) -> Tile:
        there = self._room.presence(student.owner)
        return {
            "key": student.key,
            "name": student.name,
            "waiting": student.state == "waiting",
            "here": self._room.is_here(student.owner),
            "page": there.page if there else "",
            "hand": there is not None and there.hand is not None,
            "need": {"code": need.code, **need.values} if need else None,
            "run": self._shown(student.key, runs),
        }

    def _shown(self, key: str, runs: list[Run]) -> Tile | None:
        if not runs:
            return self._left.get(key)
        run = next((run for run in runs if not run.has_ended), runs[0])
        status = run.status()
        left = status["seconds_left"]
        shown = {
            "shown": run.id in self._room.showing.run_ids,
            "name": run.name,
            "state": run.state,
            "held": run.is_held,
            "epoch": status["epoch"],
            "epochs": status["epochs"],
            "accuracy": run.log.last_valid_accuracy(),
            "left": None if left is None else round(left),
            "curve": self._curve(run),
            "guess": guess_of(run),
        }
        self._left[key] = shown | {"held": False, "shown": False}
        return shown

    def _curve(self, run: Run) -> Curve:
        """Worked out anew when it has grown."""
        count = len(run.log.points)
        known = self._curves.get(run.id)
        if known is None or known[0] != count:
            known = self._curves[run.id] = count, curve_of(run)
        return known[1]
