"""What a run shows and keeps of its turns, wherever they are computed: its curve, what viewers see, its checkpoints."""

from typing import Any

from torch import Tensor

from lib.runs.log import RunLog
from lib.runs.published import Published
from lib.runs.store import Checkpoint, RunRow, Store
from lib.training.evaluation import Evaluation
from lib.training.events import EpochEnd
from lib.training.machine import this_machine


class Publisher:
    """The news of one run, published as they come."""

    def __init__(self, row: RunRow, log: RunLog, published: Published, store: Store) -> None:
        self.row, self.log, self.published, self.store = row, log, published, store
        self._snapshots = store.snapshots(row.id)

    def begin_at(self, step: int, position: float) -> None:
        """Take back what lies beyond: the run goes on from there and comes to it again."""
        self.log.forget_after(position)
        self._snapshots.forget_after(step)
        self.published.pace.restart()

    def start(self, valid_loss: float, valid_accuracy: float) -> None:
        """Publish what the random start scored, unless that is there from before."""
        if not self.log.epochs:
            self.log.add_start(valid_loss, valid_accuracy)

    def point(self, position: float, loss: float, accuracy: float) -> None:
        """Publish a point of the curve."""
        self.log.add_mean(position, loss, accuracy)

    def epoch(self, event: EpochEnd) -> None:
        """Publish the end of an epoch."""
        self.log.add_epoch(event)

    def mark(self, position: float, learning_rate: float) -> None:
        """Publish another learning rate."""
        self.log.add_mark(position, learning_rate)

    def check(self, position: float, loss: float, accuracy: float) -> None:
        """Publish a look at validation pictures."""
        self.log.add_check(position, loss, accuracy)

    def progress(self, counters: dict[str, Any], progress: float) -> None:
        """Publish where the run is."""
        self.published.pace.note(progress, counters["step"] * self.row.config.train.batch_size)
        self.published.counters = counters

    def glimpse(self, step: int, answers: list[tuple[int, float]]) -> None:
        """Publish the answers to the strip of test pictures."""
        self.published.glimpse = {"step": step, "answers": answers}

    def weights(self, step: int, weights: dict[str, Tensor]) -> None:
        """Publish a copy of the weights."""
        self.published.weights = step, weights

    def moment(self, step: int, weights: dict[str, Tensor]) -> None:
        """Keep weights for the time machine."""
        self._snapshots.keep_weights(step, weights)

    def tested(self, found: Evaluation) -> None:
        """Publish how it did on the test pictures."""
        self.published.tested = found

    def save(
        self, tensors: dict[str, Tensor], counters: dict[str, Any], trained_on: dict[str, Any] | None = None
    ) -> None:
        """Keep where the run stands, as `TrainState.to_tensors` gives it. trained_on: another machine than this one"""
        published = self.published
        more = {
            "published": published.counters,  # so that a later process can show them ...
            "tested": published.test_numbers(),  # ... also one that has found this file, and no data base
            "glimpse": published.glimpse,
            "trained_on": trained_on or this_machine(),  # so that a later one, perhaps on another machine, can say it
        }
        self.store.save_checkpoint(self.row, Checkpoint(tensors, counters | more))
        self.store.note_result(self.row.id, published.result())
