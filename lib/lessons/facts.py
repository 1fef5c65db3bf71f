"""What a lesson may know of a run: plain numbers, read from what the run published."""

import math
from dataclasses import dataclass

from lib.config import RunConfig
from lib.runs import Run


@dataclass(frozen=True, slots=True)
class Facts:
    """One run in numbers. Accuracies are 0..1; a loss that was no number any more is infinite."""

    config: RunConfig
    classes: int
    losses: tuple[float, ...]  # on validation pictures: of the random start, then after each epoch
    accuracies: tuple[float, ...]  # the same moments
    train_losses: tuple[float, ...]  # of each epoch
    steps: int = 0
    seconds: float = 0.0  # of training and validation
    ended: bool = True
    diverged: bool = False

    @property
    def guessing_loss(self) -> float:
        """Cross-entropy of giving every class the same probability."""
        return math.log(self.classes)

    @property
    def seconds_per_thousand(self) -> float:
        """Training time for a thousand pictures; infinite before the first step."""
        pictures = self.steps * self.config.train.batch_size
        return 1000 * self.seconds / pictures if pictures else math.inf


def facts_of(run: Run, classes: int) -> Facts:
    """Read a run as it is now; the same run read again later may have gone on."""
    status = run.status()
    epochs = list(run.log.epochs)
    return Facts(
        config=run.config,
        classes=classes,
        losses=tuple(_number(epoch["valid_loss"]) for epoch in epochs),
        accuracies=tuple(epoch["valid_accuracy"] or 0.0 for epoch in epochs),
        train_losses=tuple(_number(epoch["train_loss"]) for epoch in epochs if "train_loss" in epoch),
        steps=status["step"],
        seconds=status["seconds"],
        ended=run.has_ended,
        diverged=run.has_diverged,
    )


def _number(value: float | None) -> float:
    """JSON knows neither infinity nor "not a number"; the log has None for both."""
    return math.inf if value is None else value
