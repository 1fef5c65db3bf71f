"""What a run tells while it goes: small frozen events, dispatched on `kind`."""

from dataclasses import dataclass, field
from typing import ClassVar, Literal

import torch
from torch import Tensor


@dataclass(frozen=True, slots=True)
class RunStarted:
    """Before the first step. The validation values are measured on the random start (at most 1,000 pictures)."""

    kind: ClassVar[Literal["run_started"]] = "run_started"
    epochs: int
    steps_per_epoch: int
    step: int  # > 0 when the run continues from a checkpoint
    valid_loss: float
    valid_accuracy: float
    precision: str = "fp32"  # what the forward pass computes in, see `lib.training.precision`


@dataclass(frozen=True, slots=True)
class StepEnd:
    """One optimizer update.

    `loss` and `accuracy` are computed when read: reading waits for the tensors, not reading costs nothing.
    """

    kind: ClassVar[Literal["step_end"]] = "step_end"
    step: int  # counts from 1 over the whole run
    epoch: int  # counts from 1
    batch_loss: Tensor = field(repr=False)  # scalar, detached
    logits: Tensor = field(repr=False)  # (N, classes), detached, from before the update
    labels: Tensor = field(repr=False)  # (N,)

    @property
    def loss(self) -> float:
        """The batch's mean loss before the update."""
        return float(self.batch_loss)

    @property
    def accuracy(self) -> float:
        """The share of the batch that was right before the update, 0..1."""
        return float((self.logits.argmax(1) == self.labels).cpu().double().mean())


@dataclass(frozen=True, slots=True)
class LearningRateChanged:
    """The driver changed the learning rate, the largest one of the schedule; the next step follows it."""

    kind: ClassVar[Literal["learning_rate_changed"]] = "learning_rate_changed"
    step: int
    learning_rate: float


@dataclass(frozen=True, slots=True)
class Evaluating:
    """A part of the validation pictures has been looked at; `done` of `total`."""

    kind: ClassVar[Literal["evaluating"]] = "evaluating"
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Working:
    """A part of something long is done, told only to those who asked `fit` for parts: others can come between.

    In the middle of a step (`amid_step`) the state is neither that before it nor that after it: nobody may keep it.
    """

    kind: ClassVar[Literal["working"]] = "working"
    amid_step: bool = False


@dataclass(frozen=True, slots=True)
class EpochEnd:
    """One pass over the training pictures, and the validation after it. Losses are means, accuracies 0..1.

    A clock may end a run in the middle of a pass; then `share` says how much of it there was.
    """

    kind: ClassVar[Literal["epoch_end"]] = "epoch_end"
    epoch: int
    train_loss: float  # mean over the epoch's batches, while the net was still changing
    train_accuracy: float
    valid_loss: float
    valid_accuracy: float
    learning_rate: float  # of the last step, as the schedule gave it
    seconds: float  # training and validation of this epoch
    share: float = 1.0  # of its batches that were done

    @property
    def position(self) -> float:
        """Epochs since the start: 2.06 after two whole ones and 6 % of the third."""
        return self.epoch if self.share == 1.0 else self.epoch - 1 + self.share


@dataclass(frozen=True, slots=True)
class RunEnded:
    """The last event. `message` is a sentence for people when something went wrong."""

    kind: ClassVar[Literal["run_ended"]] = "run_ended"
    reason: Literal["finished", "time_budget", "diverged"]
    step: int
    seconds: float
    message: str | None = None


Event = RunStarted | StepEnd | LearningRateChanged | Evaluating | Working | EpochEnd | RunEnded


def mean_of(steps: list[StepEnd]) -> tuple[float, float]:
    """Mean loss and accuracy of several steps at once, each picture counting the same."""
    logits = torch.cat([step.logits for step in steps])
    labels = torch.cat([step.labels for step in steps])
    sizes = torch.tensor([len(step.labels) for step in steps], dtype=torch.float64)
    losses = torch.stack([step.batch_loss for step in steps]).cpu().double()
    return float((losses * sizes).sum() / sizes.sum()), float((logits.argmax(1) == labels).cpu().double().mean())
