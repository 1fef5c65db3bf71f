"""The leaderboard: nets of the class within a budget, measured on test pictures that no page has ever shown.

Who hands in often learns of the hidden pictures by and by, whatever they are: therefore each may do it a few times.
"""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from lib.classroom.keeping import read_kept, write_kept
from lib.classroom.record import Refused, Student
from lib.datasets.apart import count_apart
from lib.datasets.catalogue import info
from lib.datasets.own import PREFIX
from lib.experiments.statistics import ALPHA, mcnemar

Kind = Literal["parameters", "seconds"]
BUDGETS: dict[Kind, tuple[int, ...]] = {
    "parameters": (1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000),
    "seconds": (5, 10, 20, 30, 60, 120, 300),
}
MOST_EACH = 5  # runs that a student may hand in
_MOST_BYTES = 8_000_000
_FILE = "leaderboard.json"


class _Kept(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Budget(_Kept):
    """What a run may have: at most so many parameters, or seconds of training; and on which data set."""

    data: str = Field(max_length=60)
    kind: Kind
    most: int = Field(ge=1, le=10_000_000)


class Entry(_Kept):
    """A run that was handed in, as it did on the hidden pictures."""

    student: str = Field(max_length=8)  # key
    run: str = Field(max_length=64)
    name: str = Field(max_length=200)  # of the run
    made: float = Field(default_factory=time.time)
    parameters: int
    seconds: float  # of training
    answers: str = Field(pattern=r"^[01]+$", max_length=20_000)  # 1 for each hidden picture that it has right

    @property
    def right(self) -> int:
        """How many pictures it has right."""
        return self.answers.count("1")

    @property
    def accuracy(self) -> float:
        """The share of them, 0..1."""
        return self.right / len(self.answers)


class _Board(_Kept):
    budget: Budget | None = None
    open: bool = False
    entries: tuple[Entry, ...] = ()


@dataclass(frozen=True)
class Standing:
    """One line: equal numbers of right pictures share a place."""

    place: int
    entry: Entry
    close: bool  # chance alone may have put it behind the first (McNemar, two-sided); False for the first itself


_BOARD = TypeAdapter(_Board)


class Leaderboard:
    """Off until a teacher opens it; closed it stays as it is. Asked from any thread."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / _FILE
        self._lock = threading.RLock()
        self._now = read_kept(self._path, _BOARD, _MOST_BYTES, "The leaderboard") or _Board()

    @property
    def budget(self) -> Budget | None:
        """What runs may have; None before it was ever opened."""
        return self._now.budget

    @property
    def is_open(self) -> bool:
        """Whether runs may be handed in."""
        return self._now.open

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All that was handed in, the oldest first."""
        return self._now.entries

    def begin(self, data: str, kind: Kind, most: int) -> None:
        """Let runs be handed in; with another budget all begins anew. Refused where nothing of the data is hidden."""
        try:
            hidden = count_apart(info(data).test_count)
        except ValueError:
            hidden = 0
        if not hidden or data.startswith(PREFIX):
            raise Refused("nothing_hidden")
        budget = Budget(data=data, kind=kind, most=most)
        with self._lock:
            self._keep(_Board(budget=budget, open=True, entries=self.entries if budget == self.budget else ()))

    def end(self) -> None:
        """No run is handed in any more; what stands there stays."""
        with self._lock:
            self._keep(self._now.model_copy(update={"open": False}))

    def of(self, student: Student) -> list[Entry]:
        """What a student has handed in."""
        return [each for each in self.entries if each.student == student.key]

    def check(self, student: Student, run: str, data: str, parameters: int, seconds: float) -> Budget:
        """The budget that this run keeps within; Refused says in which way it does not."""
        budget = self.budget
        if budget is None or not self.is_open:
            raise Refused("board_closed")
        if data != budget.data:
            raise Refused("other_data")
        has = {"parameters": float(parameters), "seconds": seconds}[budget.kind]
        if has > budget.most:
            raise Refused(f"over_{budget.kind}", has=has, most=budget.most)
        theirs = self.of(student)
        if any(each.run == run for each in theirs):
            raise Refused("handed_in")
        if len(theirs) >= MOST_EACH:
            raise Refused("enough_runs", most=MOST_EACH)
        return budget

    def add(self, student: Student, entry: Entry, budget: Budget) -> None:
        """Write a measured run down; Refused if the board is another one by now."""
        with self._lock:
            if self.check(student, entry.run, budget.data, entry.parameters, entry.seconds) != budget:
                raise Refused("board_closed")
            self._keep(self._now.model_copy(update={"entries": (*self.entries, entry)}))

    def standings(self, keys: Sequence[str]) -> list[Standing]:
        """The best run of each of these students, by key, in their order."""
        best: dict[str, Entry] = {}
        for entry in self.entries:
            if entry.student in keys and (entry.student not in best or entry.right > best[entry.student].right):
                best[entry.student] = entry
        ordered = sorted(best.values(), key=lambda entry: -entry.right)
        places = {entry.right: place for place, entry in reversed(list(enumerate(ordered, start=1)))}
        return [
            Standing(places[entry.right], entry, at > 0 and _is_close(ordered[0], entry))
            for at, entry in enumerate(ordered)
        ]

    def forget_all(self) -> None:
        """It was never opened."""
        with self._lock:
            self._keep(_Board())

    def _keep(self, board: _Board) -> None:
        self._now = board
        write_kept(self._path, _BOARD, board, "The leaderboard")


def _is_close(first: Entry, other: Entry) -> bool:
    pairs = list(zip(first.answers, other.answers, strict=False))
    return mcnemar(pairs.count(("1", "0")), pairs.count(("0", "1"))) >= ALPHA
