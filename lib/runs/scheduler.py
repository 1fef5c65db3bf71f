"""Fair turns: a few training threads, round robin over owners, then over each owner's runs."""

import logging
import threading
from collections import OrderedDict, deque

from lib.runs.run import Run
from lib.training.machine import become_training_thread

logger = logging.getLogger(__name__)

_IDLE_SECONDS = 1.0  # between looks at leases while there is nothing to do


class Scheduler:
    """Gives runs their turns until it is closed."""

    def __init__(
        self, workers: int = 1, slice_seconds: float = 0.2, lease_seconds: float = 0.0, end_seconds: float = 0.0
    ) -> None:
        self._slice, self._lease, self._end = slice_seconds, lease_seconds, end_seconds
        self._owners: OrderedDict[str, deque[Run]] = OrderedDict()
        self._busy: set[str] = set()  # ids of runs that have a turn right now
        self._alarm = threading.Condition()
        self._closing = False
        self._threads = [
            threading.Thread(target=self._work, name=f"training-{number}", daemon=True) for number in range(workers)
        ]
        for thread in self._threads:
            thread.start()

    def add(self, run: Run) -> None:
        """Let `run` take turns from now on."""
        with self._alarm:
            self._owners.setdefault(run.owner, deque()).append(run)
            self._alarm.notify()

    def wake(self) -> None:
        """Look again: somebody wished something."""
        with self._alarm:
            self._alarm.notify_all()

    def waiting_before(self, run: Run) -> int:
        """How many other runs want turns on the same threads."""
        with self._alarm:
            others = [other for runs in self._owners.values() for other in runs if other is not run]
        return sum(other.state in ("running", "pending") for other in others)

    def close(self, seconds: float = 5.0) -> None:
        """Let the turns under way end, pause every run so that it is saved, and stop the threads."""
        with self._alarm:
            if self._closing:
                return
            self._closing = True
            self._alarm.notify_all()
        for thread in self._threads:
            thread.join(seconds)
        for run in [run for runs in self._owners.values() for run in runs]:
            if not run.has_ended and run.id not in self._busy:
                run.pause(run.owner)
                run.take_turn(0.0)

    def _work(self) -> None:
        become_training_thread()
        while True:
            with self._alarm:
                while not self._closing and (run := self._next()) is None:
                    self._alarm.wait(_IDLE_SECONDS)
                if self._closing:
                    return
                assert run is not None
                self._busy.add(run.id)
            try:
                run.take_turn(self._slice)
            finally:
                with self._alarm:
                    self._busy.discard(run.id)

    def _next(self) -> Run | None:
        """The run whose turn it is; its owner, and it among the owner's runs, go to the end of the line."""
        for owner, runs in list(self._owners.items()):
            for run in list(runs):
                if run.has_ended:
                    runs.remove(run)
                    continue
                if self._end and run.unwatched_seconds() > self._end:
                    run.stop(run.owner)
                if run.id not in self._busy and run.wants_turn(self._lease):
                    runs.remove(run)
                    runs.append(run)
                    self._owners.move_to_end(owner)
                    return run
            if not runs:
                del self._owners[owner]
        return None
