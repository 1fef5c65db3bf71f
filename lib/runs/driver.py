"""Drive `fit` for a while, and publish by the clock what it does. Lives on the training thread."""

from collections import deque
from collections.abc import Callable, Generator
from time import monotonic

import torch
from torch import Tensor

from lib.datasets import Dataset
from lib.runs.log import RunLog
from lib.runs.published import Published
from lib.runs.room import stays_ready
from lib.runs.snapshots import is_due
from lib.runs.store import Checkpoint, RunRow, Store
from lib.runs.taking_up import take_up
from lib.training.batches import steps_per_epoch
from lib.training.evaluation import best_answers, evaluate, evaluate_in_parts
from lib.training.events import Event, RunEnded, StepEnd, Working
from lib.training.fit import fit
from lib.training.machine import this_machine, training_device, use_cores
from lib.training.precision import Arithmetic, Precision

_PUBLISH_SECONDS = 0.09  # between points; longer in runs of many minutes, so that no curve grows without bound
_MOST_POINTS = 1_500
_POINT_PICTURES, _POINT_SECONDS = 256, 0.5  # a point is a mean of so many pictures, unless that takes longer
_SNAPSHOT_SECONDS = 0.4
_CHECKPOINT_SECONDS, _CHECKPOINT_LATEST = 10.0, 60.0
_CHECK_PICTURES = 500  # validation pictures looked at between epochs, so that the dashed curve lives too ...
_CHECK_SECONDS = 1.0  # ... at most so often: in seconds of the run, not of the clock, which others' turns fill
_SHARE = 0.03  # of the run's own seconds, at most, that checks take; and checkpoints, as far as they can wait
_ROUND_EPOCHS = (1, 2, 3, 5, 8, 12, 20, 30, 50, 80, 120, 200)  # so that an axis in epochs seldom changes
_STRIP = 8  # test pictures with live answers


def strip_of(data: Dataset) -> Tensor:
    """Indices of the test pictures whose answers are shown live: one of each class, as far as there is room."""
    labels = data.test.labels
    firsts = [int((labels == label).nonzero()[0]) for label in range(len(data.classes)) if label in labels]
    return torch.tensor(firsts[:_STRIP])


class Driver:
    """The training side of one run: takes up the newest checkpoint, then `next(fit(...))`, event by event.

    `taken_up` is what people have to know of where it goes on; None where that is as it should be.
    """

    def __init__(self, row: RunRow, data: Dataset, log: RunLog, published: Published, store: Store) -> None:
        config = row.config
        self._row, self._run_id, self._config, self._data = row, row.id, config, data
        self._log, self._published, self._store = log, published, store
        self._steps = steps_per_epoch(len(data.train), config.train.batch_size)
        self._snapshots = store.snapshots(row.id)
        self._training, self.taken_up = take_up(row, data, store, log, self._steps, published.counters)
        log.forget_after(self._position)
        self._snapshots.forget_after(self._training.step)
        published.pace.restart()
        self._strip = data.test.batch(strip_of(data))[0].to(training_device())
        self._recent: list[StepEnd] = []
        self._last_point = self._last_snapshot = self._last_save = monotonic()
        self._checked_at = self._saved_at = self._training.seconds  # the run's own
        self._check_pause, self._save_pause = _CHECK_SECONDS, 0.0
        self._due: deque[Callable[[], None]] = deque()  # pieces of work that others can come before
        self._amid_step = False
        self._events = self._life()

    @property
    def stays_ready(self) -> bool:
        """Whether this may stay in memory while the run is paused."""
        return stays_ready(self._training.model)

    def start_turn(self) -> None:
        """Set the thread up for this net: other runs, of other sizes, had their turns in between."""
        if cores := self._arithmetic.cores:  # else `fit` is about to choose
            use_cores(cores)

    def next(self, learning_rate: float | None = None) -> Event:
        """Do one piece of work, publish it if it is time, and return what happened; a check or a save is a piece."""
        if learning_rate is not None:
            self._training.learning_rate = learning_rate
        if self._due and not self._amid_step:
            self._due.popleft()()
            return Working()
        event = next(self._events)
        self._amid_step = event.kind == "working" and event.amid_step
        match event.kind:
            case "working":
                pass
            case "run_started":
                if not self._log.epochs:
                    self._log.add_start(event.valid_loss, event.valid_accuracy)
                    self._save()  # whatever was chosen before the first step stays chosen
                    self._snapshots.keep(event.step, self._training.model)
                self.take_snapshot()
            case "step_end":
                self._recent.append(event)
                if is_due(event.step):
                    self._snapshots.keep(event.step, self._training.model)
                self._publish_by_time()
            case "learning_rate_changed":
                self.publish_points()
                self._log.add_mark(self._position, event.learning_rate)
                self._save()  # a run that is taken up again goes on with the rate that its last mark says
            case "evaluating":
                self._publish_progress()
            case "epoch_end":
                self._log.add_epoch(event)
                self._snapshots.keep(self._training.step, self._training.model)
                self._due.append(self._save)
            case "run_ended":
                self.publish_all()
            case _:
                raise TypeError(f"unknown event {event!r}")
        return event

    def publish_all(self) -> None:
        """Publish and save everything up to this moment, as before a pause; a step under way is done first."""
        while self._amid_step:
            self.next()
        self._due.clear()
        self.publish_points()
        self.take_snapshot()
        self._save()

    def publish_points(self) -> None:
        """Publish the steps since the last point as one point."""
        self._last_point = monotonic()
        if self._recent:
            steps, self._recent = self._recent, []
            self._log.add_point(self._position, steps)
        self._publish_progress()

    def _publish_progress(self) -> None:
        training = self._training
        self._published.pace.note(self._progress, training.step * self._config.train.batch_size)
        self._published.counters = {
            "step": training.step,
            "steps_per_epoch": self._steps,
            "epoch": max(training.epoch - (training.batch == 0), 1),  # the one under way, or just done
            "epochs": self._expected_epochs,
            "progress": round(self._progress, 4),
            "seconds": round(training.seconds, 2),
            "learning_rate": float(f"{training.effective_rate:.6g}"),
            "precision": self._precision,
            "speedup": self._arithmetic.speedup,
        }

    def take_snapshot(self) -> None:
        """Publish a copy of the weights, and the net's answers to the strip."""
        self._last_snapshot = monotonic()
        net, step = self._training.model, self._training.step
        self._published.weights = (
            step,
            {name: value.detach().to("cpu", copy=True) for name, value in net.state_dict().items()},
        )
        self._published.glimpse = {"step": step, "answers": best_answers(net, self._strip)}

    def _publish_by_time(self) -> None:
        now = monotonic()
        waited = now - self._last_point
        enough = len(self._recent) * self._config.train.batch_size >= _POINT_PICTURES or waited > _POINT_SECONDS
        if enough and waited > max(_PUBLISH_SECONDS, self._training.seconds / _MOST_POINTS):
            self.publish_points()
        if now - self._last_snapshot > _SNAPSHOT_SECONDS:
            self.take_snapshot()
        if self._due:
            return
        if self._training.seconds - self._checked_at > self._check_pause:
            self._due.append(self._check)
        unsaved, worked = now - self._last_save, self._training.seconds - self._saved_at
        if unsaved > _CHECKPOINT_LATEST or (unsaved > _CHECKPOINT_SECONDS and worked > self._save_pause):
            self._due.append(self._save)

    def _check(self) -> None:
        started = monotonic()
        found = evaluate(
            self._training.model, self._data.valid, self._config.train.loss, _CHECK_PICTURES, self._precision
        )
        self._log.add_check(self._position, found.loss, found.accuracy)
        self._checked_at = self._training.seconds
        self._check_pause = max(_CHECK_SECONDS, (monotonic() - started) / _SHARE)

    def _save(self) -> None:
        started = monotonic()
        tensors, counters = self._training.to_tensors()
        counters["published"] = self._published.counters  # so that a later process can show them
        # ... also one that has found this file, and no data base
        counters |= {"tested": self._published.test_numbers(), "glimpse": self._published.glimpse}
        counters["trained_on"] = this_machine()  # so that a later one, perhaps on another machine, can say it
        self._store.save_checkpoint(self._row, Checkpoint(tensors, counters))
        self._store.note_result(self._run_id, self._published.result())
        self._last_save, self._saved_at = monotonic(), self._training.seconds
        self._save_pause = (self._last_save - started) / _SHARE

    def _life(self) -> Generator[Event, None, None]:
        """All of `fit`, then the measure that counts: test pictures, never used in training."""
        data, config, training = self._data, self._config.train, self._training
        for event in fit(training.model, data.train, data.valid, config, state=training, in_parts=True):
            if event.kind != "run_ended" or event.reason == "diverged":
                yield event
                continue
            checked = yield from evaluate_in_parts(training.model, data.test, config.loss, precision=self._precision)
            self._published.tested = checked
            verdict = f"Test accuracy {checked.accuracy * 100:.1f} %, loss {checked.loss:.3f}"
            verdict += f", on {len(data.test):,} pictures never used in training."
            yield RunEnded(event.reason, event.step, event.seconds, verdict)

    @property
    def _precision(self) -> Precision:
        return self._arithmetic.precision

    @property
    def _arithmetic(self) -> Arithmetic:
        return self._training.arithmetic or Arithmetic()

    @property
    def _position(self) -> float:
        """Epochs since the start."""
        return self._training.epoch - 1 + self._training.batch / self._steps

    @property
    def _expected_epochs(self) -> int:
        """How many epochs there will be: as set, or about as many as the time limit lets through."""
        most, position, progress = self._config.train.epochs, self._position, self._progress
        if self._config.train.time_budget is None or progress <= 0.0:
            return most
        return next((n for n in _ROUND_EPOCHS if n >= position / progress - 0.01), most)

    @property
    def _progress(self) -> float:
        share = self._position / self._config.train.epochs
        if budget := self._config.train.time_budget:
            share = max(share, self._training.seconds / budget)
        return min(share, 1.0)
