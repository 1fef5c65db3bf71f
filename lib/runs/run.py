"""One run's life: what people ask of it and see of it, and the turns it takes on a training thread."""

import logging
import threading
from collections.abc import Callable
from time import monotonic
from typing import Any, Literal

from torch import nn

from lib.datasets.owned import check_owner
from lib.runs.held import Held
from lib.runs.holding import LOOK_FOR_ROOM_SECONDS, NO_ROOM, Holding
from lib.runs.log import RunLog
from lib.runs.named import Named
from lib.runs.places import Place, Thread
from lib.runs.published import WeightsLost, net_with, published_before
from lib.runs.publisher import Publisher
from lib.runs.rows import ENDED
from lib.runs.store import Checkpoint, RunRow, RunState, Store
from lib.training import Evaluation

logger = logging.getLogger(__name__)


class Run(Named, Holding, Held):
    """A run of this process. Wishes come in from any thread; only a training thread calls `take_turn`."""

    has_weights = True  # to look into: the random ones before the first step

    def __init__(
        self, row: RunRow, store: Store, on_wish: Callable[[], None] = lambda: None, place: Place | None = None
    ) -> None:
        self.id, self.owner, self.config, self.created = row.id, row.owner, row.config, row.created
        self.first_name, self.own_name, self.note = row.name, row.own_name, row.note
        self.state: RunState = row.state
        self.message = row.message
        self.log = RunLog(row.id, store)
        self._store, self._on_wish, self._place = store, on_wish, place or Thread()
        self._changed = threading.Condition()
        self._wish: Literal["run", "pause", "stop"] = "pause" if self.state == "paused" else "run"
        self._steps_wanted = 0
        self._learning_rate: float | None = None
        self._watched = monotonic()
        self._resting = False  # paused because nobody watched
        self._told: str | None = None  # what people have to know once it stands still
        self._no_room_until = 0.0
        self._published = published_before(row, store)

    # ---- wishes: `by` is who asks, and only the run's owner is heard; NotYours says so in words ----

    def pause(self, by: str) -> None:
        """Stop after the step under way and keep everything."""
        self._ask(by, "pause")

    def resume(self, by: str) -> None:
        """Go on."""
        self._ask(by, "run")

    def step(self, by: str) -> None:
        """Do one optimizer update, then pause."""
        self._ask(by, "pause", steps=1)

    def stop(self, by: str) -> None:
        """End the run; what it learned so far is kept."""
        self._ask(by, "stop")

    def set_learning_rate(self, learning_rate: float, by: str) -> None:
        """Use another learning rate from the next step on."""
        self.check_owner(by)
        with self._changed:
            self._learning_rate = self._rate_asked = learning_rate

    def check_owner(self, by: str) -> None:
        """Raise NotYours unless `by` is the owner."""
        check_owner(self.name, self.owner, by)

    def watch(self) -> None:
        """Somebody is looking: renew the lease, and go on if the run rested for want of viewers."""
        self._watched = monotonic()
        with self._changed:
            if not self._resting:
                return
            self._resting = False
            self._wish = "run"
        self._on_wish()

    def wait(self, seconds: float, *states: RunState) -> bool:
        """Wait until the run is in one of `states` or has ended; False when the time is over."""
        with self._changed:
            return self._changed.wait_for(lambda: self.state in states or self.has_ended, seconds)

    # ---- what there is to see ----

    @property
    def has_ended(self) -> bool:
        """True in states that are final."""
        return self.state in ENDED

    @property
    def has_diverged(self) -> bool:
        """True if its loss stopped being a number; a run that broke off for another reason has not diverged."""
        return self.state == "failed" and self._published.diverged

    @property
    def wants_rest(self) -> bool:
        """True if it is paused, or will be after the step under way."""
        return self._wish == "pause" or self.is_held

    @property
    def glimpse(self) -> dict[str, Any] | None:
        """`step` and `answers` `[class, probability]` to the strip of test pictures, as last published."""
        return self._published.glimpse

    @property
    def tested(self) -> Evaluation | None:
        """How it did on the test pictures at its end; None before, and in a later process."""
        return self._published.tested

    @property
    def test_numbers(self) -> dict[str, float | None] | None:
        """`loss` and `accuracy` on the test pictures at its end, in whatever process."""
        return self._published.test_numbers()

    def checkpoint(self) -> Checkpoint | None:
        """Weights, optimizer and position at the last save; None before the first, or when no file is whole."""
        kept = self._store.load_checkpoint(self.id)
        return kept if kept and kept.config in (None, self.config) else None

    def model(self) -> tuple[int, nn.Sequential]:
        """`(step, net)`: a copy to look into, with the published weights; before the first step, the random ones.

        WeightsLost, in words, when its weights cannot be read any more: never the random ones in their place.
        """
        step, weights = self.weights() or (0, None)
        shown = self._published.counters["step"]
        if weights is None and shown > 0:
            raise WeightsLost(self.name, shown)
        return step, net_with(self.config, self.dataset, weights)

    def snapshots(self) -> list[int]:
        """The steps whose weights were kept, in order, up to the published ones; `model_at` takes each of them."""
        if not self.has_weights:
            return []
        now, _ = self.weights() or (0, None)
        return [step for step in self._store.snapshots(self.id).steps() if step <= now]

    def snapshot_bytes(self) -> int:
        """What they take on disk."""
        return self._store.snapshots(self.id).bytes()

    def model_at(self, step: int) -> nn.Sequential | None:
        """The net as it was after `step` updates; None when its weights were not kept, or have just been let go."""
        weights = self._store.snapshots(self.id).load(step)
        return None if weights is None else net_with(self.config, self.dataset, weights)

    def status(self) -> dict[str, Any]:
        """What changes all the time, as plain data: state, message, progress, pace."""
        published, running = self._published, self.state == "running"
        counters = published.counters
        average = counters["step"] * self.config.train.batch_size / counters["seconds"] if counters["seconds"] else None
        return {
            "epochs": self.config.train.epochs,
            **counters,
            "state": self.state,
            "message": self.message,
            "samples_per_second": published.pace.pictures_per_second() if running else average,
            "seconds_left": published.pace.seconds_left() if running else None,
        }

    @property
    def row(self) -> RunRow:
        """As the data base keeps it."""
        told = (self.id, self.first_name, self.owner, self.config, self.state, self.message, self.created)
        return RunRow(*told, self._published.result(), self.own_name, self.note)

    # ---- turns ----

    def wants_turn(self, lease_seconds: float = 0.0) -> bool:
        """True if there is something to do on the training thread."""
        if self.has_ended or monotonic() < self._no_room_until:
            return False
        if self._held and self._wish != "stop":
            return self.state != "paused"
        with self._changed:
            if self._wish == "run" and lease_seconds and self.unwatched_seconds() > lease_seconds:
                self._resting, self._wish = True, "pause"
        return self._wish != "pause" or self._steps_wanted > 0 or self.state != "paused"

    def unwatched_seconds(self) -> float:
        """How long nobody has looked."""
        return monotonic() - self._watched

    def take_turn(self, seconds: float) -> None:
        """Work for about `seconds`, or obey a wish. Never raises: a run that breaks ends and says why."""
        try:
            if self._wish == "stop":
                self._close("stopped", "Stopped. What it learned so far is kept.")
            elif self._held or (self._wish == "pause" and not self._steps_wanted):
                self._pause()
            else:
                self._advance(seconds)
        except Exception as error:
            logger.exception("run %s broke off", self.name)
            self._open = None  # whatever state it is in is not worth saving
            try:
                self._close("failed", f"This run broke off: {error}")
            except Exception:  # the disk may be what broke; the thread must live on for other runs
                logger.exception("run %s could not be noted as failed", self.name)

    def _advance(self, seconds: float) -> None:
        began = monotonic()
        if not self._has_room():
            self._no_room_until = monotonic() + LOOK_FOR_ROOM_SECONDS
            if self.message != NO_ROOM:
                self._become("pending", NO_ROOM)
            return
        if self.state != "running":
            self._published.pace.restart()
            self._become("running", None)
        if self._open is None:
            publisher = Publisher(self.row, self.log, self._published, self._store)
            self._open = self._place.open(publisher, self.pictures)
            self._say_note()
            if monotonic() - began > seconds:  # others can come before the first step
                return
        event = self._open.turn(max(seconds - (monotonic() - began), 0.0), self)
        self._say_note()
        if event is not None:
            self._published.diverged = event.reason == "diverged"
            self._close("failed" if self._published.diverged else "finished", event.message)

    def _say_note(self) -> None:
        """Say what people have to know of where it goes on."""
        if self._open is not None and self._open.note:
            self._told, self._open.note = self._open.note, None
            self._become("running", self._told)

    def _pause(self) -> None:
        if self._open is not None:
            self._open.finish_turn()
            self._rest()
        resting = "Paused, because nobody watched for a while." if self._resting else None
        told, self._told = self._told, None  # a single step is over before anybody has read it
        self._become("paused", self._held or resting or told)

    def _close(self, state: RunState, message: str | None) -> None:
        if self._open is not None:
            self._open.finish_turn()
        self._let_go()  # here, once a run, instead of after every rerun of a page
        self._become(state, message)

    def _become(self, state: RunState, message: str | None) -> None:
        try:
            self._store.set_state(self.id, state, message, self._published.result())
        finally:  # even if the disk refuses: nobody may wait for ever
            with self._changed:
                self.state, self.message = state, message
                self._changed.notify_all()

    def _ask(self, by: str, wish: Literal["run", "pause", "stop"], steps: int = 0) -> None:
        self.check_owner(by)
        with self._changed:
            if self.has_ended or self._wish == "stop":
                return
            if wish == "run" or steps:
                self._check_held()
            self._wish, self._steps_wanted, self._resting = wish, steps, False
            self._watched = monotonic()  # who wishes something is there
        self._on_wish()
