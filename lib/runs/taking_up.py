"""Where a run goes on: at its newest checkpoint, or, where that is damaged, at the newest thing that is whole."""

import logging
from collections.abc import Mapping
from typing import Any

from torch import Tensor

from lib.datasets import Dataset
from lib.models import build_model
from lib.runs.checkpoints import Checkpoint
from lib.runs.log import RunLog
from lib.runs.store import RunRow, Store
from lib.training.batches import steps_per_epoch
from lib.training.machine import training_device
from lib.training.state import TrainState

_BEFORE = (
    "The newest checkpoint was damaged. It went on from iteration {step:,}, the one before; what follows is as if "
    "nothing had happened."
)
_SNAPSHOT = (
    "Its checkpoints were damaged. It went on with the weights of iteration {step:,}, without what the optimizer knew, "
    "so its curve is another one than it would have been."
)
_ANEW = "Nothing whole was left of its weights, so it began again."

logger = logging.getLogger(__name__)


def take_up(
    row: RunRow, data: Dataset, store: Store, log: RunLog, shown: Mapping[str, Any]
) -> tuple[TrainState, str | None]:
    """The state to go on with, and the sentence to say if that is not the newest checkpoint.

    shown: the counters that people saw last
    """
    checkpoints = store.checkpoints(row.id)
    for kept in store.whole_checkpoints(row.id):
        state = _fresh(row, data)
        if _restored(state, kept):
            damaged = not kept.newest and checkpoints.put_damaged_aside()
            return state, _BEFORE.format(step=state.step) if damaged else None
    checkpoints.put_damaged_aside(all_of_them=True)
    snapshots = store.snapshots(row.id)
    for step in reversed(snapshots.steps()):
        weights = snapshots.load(step) if 0 < step <= shown["step"] else None
        state = _fresh(row, data)
        if weights is not None and _has_taken(state, weights):
            _wind_to(state, step, steps_per_epoch(len(data.train), row.config.train.batch_size), log, shown)
            return state, _SNAPSHOT.format(step=step)
    return _fresh(row, data), _ANEW if shown["step"] else None


def _fresh(row: RunRow, data: Dataset) -> TrainState:
    net = build_model(row.config.model, data.input_shape, len(data.classes), row.config.seed).to(training_device())
    return TrainState(net, row.config.train, row.config.seed)


def _restored(state: TrainState, kept: Checkpoint) -> bool:
    try:
        state.restore(kept.tensors, kept.counters)
    except (KeyError, RuntimeError, TypeError, ValueError, IndexError) as problem:  # whole, but of another net
        logger.warning("a checkpoint cannot be taken up: %s", problem)
        return False
    return True


def _has_taken(state: TrainState, weights: dict[str, Tensor]) -> bool:
    try:
        state.model.load_state_dict(weights)
    except RuntimeError:  # of another net
        return False
    return True


def _wind_to(state: TrainState, step: int, steps: int, log: RunLog, shown: Mapping[str, Any]) -> None:
    """Set a state with the weights after `step` updates to where it stands, as far as that is known."""
    state.step = step
    state.epoch, state.batch = step // steps + 1, step % steps
    state.seconds = shown["seconds"] * step / shown["step"]
    rates = [mark["learning_rate"] for mark in log.marks if mark["at"] <= step / steps]
    state.learning_rate = rates[-1] if rates else state.learning_rate
