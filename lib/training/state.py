"""Where a run stands: all that has to be kept to go on later exactly as if nothing had happened."""

import math
from dataclasses import asdict
from typing import Any

import torch
from pydantic import TypeAdapter
from torch import Tensor, nn

from lib.config import TrainConfig
from lib.models.build import RunDropout
from lib.schedules import first_rate, scheduled_rate
from lib.training.batches import generator_for
from lib.training.events import EpochEnd, StepEnd
from lib.training.optimizers import make_optimizer
from lib.training.precision import Arithmetic

_OPTIMIZER = "optimizer."
_ARITHMETIC = TypeAdapter(Arithmetic)
_COUNTERS = (
    "epoch",
    "batch",
    "step",
    "seconds",
    "epoch_seconds",
    "seen",
    "loss_sum",
    "right",
    "learning_rate",
    "effective_rate",
    "cut_short",
)


class TrainState:
    """The moving parts of `fit`. The driver may read everything, and set `learning_rate` between two events.

    `learning_rate` is the largest rate of the schedule; `effective_rate` is what the last step used, or the first will.
    """

    def __init__(self, model: nn.Module, config: TrainConfig, seed: int = 0) -> None:
        self.model = model
        self.seed = seed
        self.optimizer = make_optimizer(model.parameters(), config)
        self.learning_rate = self._known_rate = config.learning_rate
        self.effective_rate = first_rate(
            config.schedule, config.learning_rate
        )  # what a page says before the first step
        self._config = config
        self.arithmetic: Arithmetic | None = None  # `fit` chooses before the first step
        self.epoch = 1  # the epoch under way
        self.batch = 0  # batches of it that are done
        self.step = 0  # updates over the whole run
        self.seconds = 0.0  # of training and validation, without pauses
        self.epoch_seconds = 0.0
        self.cut_short = False  # the epoch has ended where it is: the time was over
        self.seen, self.loss_sum, self.right = 0, 0.0, 0  # pictures, summed losses and right answers of the epoch
        self._uncounted: list[StepEnd] = []
        self.generator = lend_generator(model, seed)

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
        if self._uncounted:
            losses = torch.stack([step.batch_loss for step in self._uncounted]).tolist()
            # Added one by one, so that the sum does not depend on how often this is called.
            for loss, step in zip(losses, self._uncounted, strict=True):
                self.loss_sum += loss * len(step.labels)
                self.seen += len(step.labels)
            answers = torch.cat([step.logits for step in self._uncounted]).argmax(1)
            self.right += int((answers == torch.cat([step.labels for step in self._uncounted])).sum())
        self._uncounted.clear()
        return math.isfinite(self.loss_sum)

    @property
    def is_amid_epoch(self) -> bool:
        """Whether the epoch under way has begun and not ended, be it that only its validation was broken off."""
        return self.seen > 0 and not self.cut_short

    def end_epoch(self, valid_loss: float, valid_accuracy: float, steps_per_epoch: int) -> EpochEnd:
        """Sum the epoch up and start the next with empty means; one that the clock cut short stays where it is.

        In one step, so that a state saved on the event it returns does not see the same epoch end again.
        """
        share = self.batch / steps_per_epoch
        event = EpochEnd(
            epoch=self.epoch,
            train_loss=self.loss_sum / self.seen,
            train_accuracy=self.right / self.seen,
            valid_loss=valid_loss,
            valid_accuracy=valid_accuracy,
            learning_rate=self.effective_rate,
            seconds=self.epoch_seconds,
            share=share,
        )
        if share < 1.0:
            self.cut_short = True
            return event
        self.epoch, self.batch, self.epoch_seconds = self.epoch + 1, 0, 0.0
        self.seen, self.loss_sum, self.right, self.cut_short = 0, 0.0, 0, False
        return event

    def apply_learning_rate(self, steps_per_epoch: int) -> bool:
        """Hand the optimizer the scheduled rate of the next step; True if the driver has changed `learning_rate`."""
        total = steps_per_epoch * self._config.epochs
        done: float = self.step
        if budget := self._config.time_budget:  # whichever ends the run
            done = max(done, total * self.seconds / budget)
        self.effective_rate = scheduled_rate(self._config.schedule, self.learning_rate, done, total)
        for group in self.optimizer.param_groups:
            group["lr"] = self.effective_rate
        changed, self._known_rate = self._known_rate != self.learning_rate, self.learning_rate
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
        arithmetic = asdict(self.arithmetic) if self.arithmetic else None
        return tensors, {"arithmetic": arithmetic} | {name: getattr(self, name) for name in _COUNTERS}

    def restore(self, tensors: dict[str, Tensor], counters: dict[str, Any]) -> None:
        """Go back to what `to_tensors` gave; KeyError or RuntimeError if it belongs to another model or optimizer."""
        prefix = "model."
        self.model.load_state_dict(
            {name.removeprefix(prefix): value for name, value in tensors.items() if name.startswith(prefix)}
        )
        if "precision" in counters:  # of a run made before memory layouts were a choice
            self.arithmetic = Arithmetic(counters["precision"], channels_last=counters["precision"] == "bf16")
        elif counters["arithmetic"]:
            self.arithmetic = _ARITHMETIC.validate_python(counters["arithmetic"])
        if self.arithmetic:
            # Fused kernels go through weights and their moments byte by byte: both must lie in memory the same way.
            self.arithmetic.lay_out(self.model)
        parameters = list(self.model.parameters())
        kept: dict[int, dict[str, Tensor]] = {}
        for key, value in tensors.items():
            if key.startswith(_OPTIMIZER):
                index, name = key.removeprefix(_OPTIMIZER).split(".", 1)
                kept.setdefault(int(index), {})[name] = _copy_laid_out_like(parameters[int(index)], value)
        self.optimizer.load_state_dict({"state": kept, "param_groups": self.optimizer.state_dict()["param_groups"]})
        if len(tensors["generator"]) == len(self.generator.get_state()):  # not that of another kind of device
            self.generator.set_state(tensors["generator"])
        # What earlier versions did not keep: the two rates were one before schedules.
        counters = {"effective_rate": counters["learning_rate"], "cut_short": True} | counters
        for name in _COUNTERS:
            setattr(self, name, counters[name])
        self._known_rate = self.learning_rate


def lend_generator(model: nn.Module, seed: int) -> torch.Generator:
    """Let all dropout of a model draw from one generator of its own, and give that: no other thread's draws count."""
    generator = generator_for(seed, device=next(model.parameters()).device)
    for module in model.modules():
        if isinstance(module, RunDropout):
            module.generator = generator
    return generator


def _plain_copy(value: Tensor) -> Tensor:
    """A copy in main memory and in the usual layout, the only one that files know."""
    return value.detach().to("cpu", copy=True, memory_format=torch.contiguous_format)


def _copy_laid_out_like(parameter: Tensor, value: Tensor) -> Tensor:
    if value.shape != parameter.shape:  # a counter, not a moment
        return value.clone()
    return torch.empty_like(parameter, dtype=value.dtype, requires_grad=False).copy_(value)
