"""Fair turns: a few training threads give each run its turn, shorter ones the more runs there are."""

import threading
from collections.abc import Callable
from math import ceil
from time import perf_counter

from lib.runs.line import Line
from lib.runs.places import Place, Thread
from lib.runs.run import Run
from lib.training.machine import become_training_thread

_IDLE_SECONDS = 1.0  # between looks at leases while there is nothing to do
_ROUND_SECONDS = 2.5  # in which each run is to have had a turn: so seldom, at most, a curve moves
_LARGE_SECONDS = 1.0  # of it that are left for a piece of a large net, which nobody can cut short
_LEAST_SECONDS = 0.01  # what a turn costs at least, so that nobody comes again and again for nothing


def turn_seconds(longest: float, sharing: int, *, any_large: bool) -> float:
    """How long a turn may be if so many runs share a thread, and none may wait long for the next one."""
    return min(longest, (_ROUND_SECONDS - any_large * _LARGE_SECONDS) / max(sharing, 1))


class Scheduler:
    """Gives runs their turns until it is closed."""

    def __init__(
        self,
        place: Place | None = None,
        slice_seconds: float = 0.2,
        lease_seconds: float = 0.0,
        end_seconds: float = 0.0,
        clock: Callable[[], float] = perf_counter,
    ) -> None:
        self.place = place or Thread()
        self._slice, self._lease, self._end, self._clock = slice_seconds, lease_seconds, end_seconds, clock
        self._line = Line()
        self._busy: dict[str, Run] = {}  # that have a turn right now
        self._began: dict[str, float] = {}  # when each run's last turn began ...
        self._every: dict[str, float] = {}  # ... and how often they come
        self._alarm = threading.Condition()
        self._closing = False
        self._threads = [
            threading.Thread(target=self._work, name=f"training-{number}", daemon=True)
            for number in range(self.place.most_slots)
        ]
        self.place.when_changed = self.wake
        for thread in self._threads:
            thread.start()

    def add(self, run: Run) -> None:
        """Let `run` take turns from now on."""
        with self._alarm:
            self._line.add(run)
            self._alarm.notify()

    def wake(self) -> None:
        """Look again: somebody wished something."""
        with self._alarm:
            self._alarm.notify_all()

    def waiting_before(self, run: Run | None) -> int:
        """How many other runs want turns on the same threads; None: all that do."""
        return sum(other is not run and other.state in ("running", "pending") for other in self._runs())

    def turn_every(self, run: Run) -> float | None:
        """How many seconds lie between the beginnings of two of its turns; None while that is unknown."""
        return self._every.get(run.id)

    def share_of(self, owner: str) -> float:
        """What part of a thread one more run of `owner` would get, 0..1: owners share alike, then each one's runs."""
        others = [run for run in self._runs() if run.state in ("running", "pending")]
        owners, own = {run.owner for run in others} | {owner}, sum(run.owner == owner for run in others)
        return min(1.0, max(self.place.workers, 1) / len(owners) / (own + 1))

    def close(self, seconds: float = 5.0) -> None:
        """Let the turns under way end, pause every run so that it is saved, and stop the threads."""
        with self._alarm:
            if self._closing:
                return
            self._closing = True
            self._alarm.notify_all()
        for thread in self._threads:
            thread.join(seconds)
        for run in self._runs():
            if not run.has_ended and run.id not in self._busy:
                run.pause(run.owner)
                run.take_turn(0.0)

    def _runs(self) -> list[Run]:
        with self._alarm:
            return list(self._line.runs.values())

    def _work(self) -> None:
        become_training_thread()
        while True:
            with self._alarm:
                while not self._closing and (chosen := self._next()) is None:
                    self._alarm.wait(_IDLE_SECONDS)
                if self._closing:
                    return
                assert chosen is not None
            run, length = chosen
            began = self._clock()
            try:
                run.take_turn(length)
            finally:
                with self._alarm:
                    del self._busy[run.id]
                    cost = max(self._clock() - began, _LEAST_SECONDS)
                    # Getting ready is no debt: who happens to be first loads what all use.
                    self._line.pay(run, cost if run.has_begun else min(cost, length), length)
                    if run.is_large and len(self._threads) > 1:
                        self._alarm.notify_all()  # the next large one may come

    def _next(self) -> tuple[Run, float] | None:
        """Whose turn it is, and how long."""
        wanting = self._wanting()
        any_large = any(run.is_large for run in wanting)
        length = turn_seconds(
            self._slice * self.place.stretch, ceil(len(wanting) / max(self.place.workers, 1)), any_large=any_large
        )
        free = [run for run in wanting if run.id not in self._busy]
        large = sum(run.is_large for run in self._busy.values())
        # A step of a large net may take seconds, which nobody can cut short: small ones go on beside it.
        if not self.place.slots:  # nobody is there to train; wishes are obeyed meanwhile
            free = [run for run in free if run.is_waited_for]
        elif len(self._busy) >= self.place.slots + bool(large):
            free = []
        if large >= self.place.machines:
            free = [run for run in free if not run.is_large]
        chosen = self._line.next(free, self._busy, max(length, _LEAST_SECONDS), lambda run: run.is_waited_for)
        if chosen is not None:
            run, _ = chosen
            self._busy[run.id] = run
            self._note_beginning(run.id)
        return chosen

    def _wanting(self) -> list[Run]:
        """The runs that want turns; those that have ended, or that nobody has watched for long, leave the line."""
        found = []
        for run in list(self._line.runs.values()):
            if run.has_ended:
                self._line.remove(run)
            elif self._end and run.unwatched_seconds() > self._end:
                run.stop(run.owner)
            if run.wants_turn(self._lease):
                found.append(run)
            else:
                self._began.pop(run.id, None)
                self._every.pop(run.id, None)
        return found

    def _note_beginning(self, run_id: str) -> None:
        now = self._clock()
        if run_id in self._began:
            gap = now - self._began[run_id]
            self._every[run_id] = (self._every.get(run_id, gap) + gap) / 2
        self._began[run_id] = now
