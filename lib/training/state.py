"""Where a run stands: all that has to be kept to go on later exactly as if nothing had happened."""

import math
from typing import Any

import torch
from torch import Tensor, nn

from lib.config import TrainConfig
from lib.models.build import RunDropout
from lib.training.batches import generator_for
from lib.training.events import EpochEnd, StepEnd
from lib.training.optimizers import make_optimizer
from lib.training.precision import Precision, set_memory_format

_OPTIMIZER = "optimizer."
_COUNTERS = (
    "precision",
    "epoch",
    "batch",
    "step",
    "seconds",
    "epoch_seconds",
    "seen",
    "loss_sum",
    "right",
    "learning_rate",
)


class TrainState:
    """The moving parts of `fit`. The driver may read everything, and set `learning_rate` between two events."""

    def __init__(self, model: nn.Module, config: TrainConfig, seed: int = 0) -> None:
        self.model = model
        self.seed = seed
        self.optimizer = make_optimizer(model.parameters(), config)
        self.learning_rate = config.learning_rate
        self.precision: Precision | None = None  # `fit` chooses before the first step
        self.epoch = 1  # the epoch under way
        self.batch = 0  # batches of it that are done
        self.step = 0  # updates over the whole run
        self.seconds = 0.0  # of training and validation, without pauses
        self.epoch_seconds = 0.0
        self.seen, self.loss_sum, self.right = 0, 0.0, 0  # pictures, summed losses and right answers of the epoch
        self._uncounted: list[StepEnd] = []
        self.generator = generator_for(seed)  # dropout draws from it
        for module in model.modules():
            if isinstance(module, RunDropout):
                module.generator = self.generator

    def record(self, step: StepEnd, seconds: float) -> None:
        """Note one update. Its loss is added up later, several at once: each look waits for the numbers."""
        self.step, self.batch = step.step, self.batch + 1
        self._uncounted.append(step)
        self.spend(seconds)

    def spend(self, seconds: float) -> None:
        """Add working time to the run and to the epoch under way."""
        self.seconds += seconds
        self.epoch_seconds += seconds

    def is_finite(self) -> bool:
        """Add up what was recorded; False once any loss of the epoch was infinite or not a number."""
        # One by one, so that the sum does not depend on how often this is called.
        for step in self._uncounted:
            self.loss_sum += float(step.batch_loss) * len(step.labels)
            self.right += int((step.logits.argmax(1) == step.labels).sum())
            self.seen += len(step.labels)
        self._uncounted.clear()
        return math.isfinite(self.loss_sum)

    def end_epoch(self, valid_loss: float, valid_accuracy: float) -> EpochEnd:
        """Sum the epoch up and start the next with empty means.

        In one step, so that a state saved on the event it returns does not see the same epoch end again.
        """
        event = EpochEnd(
            epoch=self.epoch,
            train_loss=self.loss_sum / self.seen,
            train_accuracy=self.right / self.seen,
            valid_loss=valid_loss,
            valid_accuracy=valid_accuracy,
            learning_rate=self.learning_rate,
            seconds=self.epoch_seconds,
        )
        self.epoch, self.batch, self.epoch_seconds = self.epoch + 1, 0, 0.0
        self.seen, self.loss_sum, self.right = 0, 0.0, 0
        return event

    def apply_learning_rate(self) -> bool:
        """Hand `learning_rate` to the optimizer; True if it was another one before."""
        changed = False
        for group in self.optimizer.param_groups:
            changed |= group["lr"] != self.learning_rate
            group["lr"] = self.learning_rate
        return changed

    def to_tensors(self) -> tuple[dict[str, Tensor], dict[str, Any]]:
        """Everything as tensors (weights, optimizer, generator) and plain numbers, ready for safetensors and JSON."""
        self.is_finite()  # so that nothing recorded is left uncounted
        tensors = {f"model.{name}": _plain_copy(value) for name, value in self.model.state_dict().items()}
        for index, values in self.optimizer.state_dict()["state"].items():
            for name, value in values.items():
                if value is not None:
                    tensors[f"{_OPTIMIZER}{index}.{name}"] = _plain_copy(torch.as_tensor(value))
        tensors["generator"] = self.generator.get_state()
        return tensors, {name: getattr(self, name) for name in _COUNTERS}

    def restore(self, tensors: dict[str, Tensor], counters: dict[str, Any]) -> None:
        """Go back to what `to_tensors` gave; KeyError or RuntimeError if it belongs to another model or optimizer."""
        prefix = "model."
        self.model.load_state_dict(
            {name.removeprefix(prefix): value for name, value in tensors.items() if name.startswith(prefix)}
        )
        # Fused kernels go through weights and their moments byte by byte: both must lie in memory the same way.
        set_memory_format(self.model, counters["precision"])
        parameters = list(self.model.parameters())
        kept: dict[int, dict[str, Tensor]] = {}
        for key, value in tensors.items():
            if key.startswith(_OPTIMIZER):
                index, name = key.removeprefix(_OPTIMIZER).split(".", 1)
                kept.setdefault(int(index), {})[name] = _copy_laid_out_like(parameters[int(index)], value)
        self.optimizer.load_state_dict({"state": kept, "param_groups": self.optimizer.state_dict()["param_groups"]})
        self.generator.set_state(tensors["generator"])
        for name in _COUNTERS:
            setattr(self, name, counters[name])
        self.apply_learning_rate()


def _plain_copy(value: Tensor) -> Tensor:
    """A copy in the usual memory layout, the only one that files know."""
    return value.detach().clone(memory_format=torch.contiguous_format)


def _copy_laid_out_like(parameter: Tensor, value: Tensor) -> Tensor:
    if value.shape != parameter.shape:  # a counter, not a moment
        return value.clone()
    return torch.empty_like(parameter, dtype=value.dtype, requires_grad=False).copy_(value)
