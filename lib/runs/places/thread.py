"""The thread: turns are computed here, in this process. The net stays where it is, and news come by the clock."""

from collections import deque
from collections.abc import Callable
from time import monotonic

from lib.datasets import Dataset
from lib.runs.driver import Driver
from lib.runs.places.place import Wishes
from lib.runs.publisher import Publisher
from lib.runs.room import stays_ready
from lib.runs.taking_up import take_up
from lib.training.events import Event, RunEnded, Working

_PUBLISH_SECONDS = 0.09  # between points; longer in runs of many minutes, so that no curve grows without bound
_MOST_POINTS = 1_500
_POINT_PICTURES, _POINT_SECONDS = 256, 0.5  # a point is a mean of so many pictures, unless that takes longer
_NET_SECONDS = 0.4
_CHECKPOINT_SECONDS, _CHECKPOINT_LATEST = 10.0, 60.0
_CHECK_SECONDS = 1.0  # at most so often: in seconds of the run, not of the clock, which others' turns fill
_SHARE = 0.03  # of the run's own seconds, at most, that checks take; and checkpoints, as far as they can wait


class Thread:
    """Training threads of this process; one with all cores is the fastest."""

    stretch = 1.0

    def __init__(self, threads: int = 1) -> None:
        self.slots = self.workers = threads
        self.most_slots = threads + 1  # the last one only while a large net has a turn, see `Scheduler`
        self.machines, self.note = 1, None
        self.when_changed: Callable[[], None] = lambda: None

    def open(self, publisher: Publisher, data: Dataset) -> "DrivenHere":
        """Take a run up where it stands, in memory."""
        return DrivenHere(publisher, data)

    def close(self) -> None:
        """There is nothing to let go of."""


class DrivenHere(Driver):
    """A run on a thread of this process: the newest checkpoint, then `next(fit(...))`, published as it comes."""

    def __init__(self, publisher: Publisher, data: Dataset) -> None:
        row = publisher.row
        training, self.note = take_up(row, data, publisher.store, publisher.log, publisher.published.counters)
        super().__init__(row.config, data, training, publisher)
        self._publisher = publisher
        publisher.begin_at(training.step, self.position)
        self._last_point = self._last_net = self._last_save = monotonic()
        self._checked_at = self._saved_at = training.seconds  # the run's own
        self._check_pause, self._save_pause = _CHECK_SECONDS, 0.0
        self._due: deque[Callable[[], None]] = deque()  # pieces of work that others can come before

    @property
    def stays_ready(self) -> bool:
        """Whether this may stay in memory while the run is paused."""
        return stays_ready(self._training.model)

    def turn(self, seconds: float, wishes: Wishes) -> RunEnded | None:
        """Do piece after piece until the time is over or somebody wishes otherwise."""
        until = monotonic() + seconds
        self.start_turn()
        while wishes.goes_on:
            event = self.next(wishes.new_learning_rate())
            if event.kind == "step_end":
                wishes.count_steps(1)
            if event.kind == "run_ended":
                return event
            if monotonic() > until:
                break
        return None

    def next(self, learning_rate: float | None = None) -> Event:
        """Do one piece of work; a check or a save that is due is a piece."""
        if self._due and not self._amid_step:
            if learning_rate is not None:
                self._training.learning_rate = learning_rate
            self._due.popleft()()
            return Working()
        return super().next(learning_rate)

    def finish_turn(self) -> None:
        """Publish and save everything up to this moment, as before a pause."""
        self.tell_all()
        self._due.clear()

    def tell_points(self) -> None:
        """Tell the steps since the last point as one point."""
        self._last_point = monotonic()
        super().tell_points()

    def tell_net(self) -> None:
        """Tell a copy of the weights, and the net's answers to the strip."""
        self._last_net = monotonic()
        super().tell_net()

    def _after_step(self) -> None:
        now = monotonic()
        waited = now - self._last_point
        enough = len(self._recent) * self._config.train.batch_size >= _POINT_PICTURES or waited > _POINT_SECONDS
        if enough and waited > max(_PUBLISH_SECONDS, self._training.seconds / _MOST_POINTS):
            self.tell_points()
        if now - self._last_net > _NET_SECONDS:
            self.tell_net()
        if self._due:
            return
        if self._training.seconds - self._checked_at > self._check_pause:
            self._due.append(self.tell_check)
        unsaved, worked = now - self._last_save, self._training.seconds - self._saved_at
        if unsaved > _CHECKPOINT_LATEST or (unsaved > _CHECKPOINT_SECONDS and worked > self._save_pause):
            self._due.append(self._keep)

    def _after_epoch(self) -> None:
        self._due.append(self._keep)

    def tell_check(self) -> None:
        """Measure on some validation pictures, and tell it."""
        started = monotonic()
        super().tell_check()
        self._checked_at = self._training.seconds
        self._check_pause = max(_CHECK_SECONDS, (monotonic() - started) / _SHARE)

    def _keep(self) -> None:
        started = monotonic()
        self._publisher.save(*self._training.to_tensors())
        self._last_save, self._saved_at = monotonic(), self._training.seconds
        self._save_pause = (self._last_save - started) / _SHARE
