"""Whose turn it is: deficit round robin over owners, and among the runs of each owner."""

from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Mapping
from math import inf

from lib.runs.run import Run

_OBEYED_SECONDS = 1.0  # of debt that somebody may have and still be obeyed before the others' turns


class Circle:
    """Names that come one after the other; each round gives each so many seconds, and who has had more waits.

    What somebody did not use is not owed to them, and no debt stays while nobody else wants anything.
    """

    def __init__(self) -> None:
        self._credit: OrderedDict[str, float] = OrderedDict()  # at most 0; whose turn was longest ago first

    def __contains__(self, name: str) -> bool:
        return name in self._credit

    def __bool__(self) -> bool:
        return bool(self._credit)

    def add(self, name: str) -> None:
        """Let `name` come, after those who are here."""
        self._credit.setdefault(name, 0.0)

    def remove(self, name: str) -> None:
        """It comes no more."""
        del self._credit[name]

    def next(self, wanting: Collection[str], busy: Collection[str], seconds: float) -> tuple[str, float]:
        """Who of `wanting` comes next, and with how much of the `seconds` of a turn left after what was overdrawn.

        busy: have a turn just now, and keep their place for the next one
        """
        rounds = -max((self._credit[name] for name in wanting), default=0.0) // seconds
        for name in self._credit:  # rounds in which nobody could come pass at once
            self._credit[name] = min(self._credit[name] + rounds * seconds, 0.0)
        while True:
            name = next(name for name in self._credit if name in wanting or name not in busy)
            self._credit.move_to_end(name)
            left = self._credit[name] + seconds
            self._credit[name] = min(left, 0.0)
            if name in wanting and left > 0.0:
                return name, left

    def debt(self, name: str) -> float:
        """How many seconds `name` has had beyond its turns."""
        return -self._credit.get(name, inf)

    def pay(self, name: str, seconds: float, given: float) -> None:
        """Note that a turn of `given` seconds took so many."""
        if name in self._credit:
            self._credit[name] = min(self._credit[name] + given - seconds, 0.0)


class Line:
    """Runs that take turns, each paid by what it cost: whose turn took long waits until the others have had as much.

    A turn that was a little too long makes the next one of the same run shorter. Not for several threads at once.
    """

    def __init__(self) -> None:
        self.runs: dict[str, Run] = {}
        self._owners = Circle()
        self._each: dict[str, Circle] = {}  # by owner

    def add(self, run: Run) -> None:
        """Let `run` take turns from now on."""
        self.runs[run.id] = run
        self._owners.add(run.owner)
        self._each.setdefault(run.owner, Circle()).add(run.id)

    def remove(self, run: Run) -> None:
        """It needs no more turns."""
        del self.runs[run.id]
        self._each[run.owner].remove(run.id)
        if not self._each[run.owner]:
            del self._each[run.owner]
            self._owners.remove(run.owner)

    def next(
        self,
        wanting: Iterable[Run],
        busy: Mapping[str, Run],
        seconds: float,
        is_waited_for: Callable[[Run], bool] = lambda _: False,
    ) -> tuple[Run, float] | None:
        """Choose one of the runs that want a turn of `seconds`, and how much of them it gets; None if there are none.

        busy: those that have one just now, by id
        is_waited_for: somebody has pressed something and sees that nothing happens yet; one piece of such a run, 0.0
        seconds, comes first
        """
        by_owner: dict[str, list[str]] = {}
        for run in wanting:
            if is_waited_for(run) and self._owners.debt(run.owner) < _OBEYED_SECONDS:
                return run, 0.0
            by_owner.setdefault(run.owner, []).append(run.id)
        if not by_owner:
            return None
        owner, left = self._owners.next(by_owner, {run.owner for run in busy.values()}, seconds)
        run_id, its = self._each[owner].next(by_owner[owner], busy, seconds)
        return self.runs[run_id], min(left, its)

    def pay(self, run: Run, seconds: float, given: float) -> None:
        """Note that a turn of `given` seconds took `run` so many."""
        self._owners.pay(run.owner, seconds, given)
        if run.owner in self._each:
            self._each[run.owner].pay(run.id, seconds, given)
