"""What training makes small, and what guessing would score."""

from torch import Tensor

from lib.config import Loss
from lib.losses import LOSSES


def loss_of(logits: Tensor, labels: Tensor, loss: Loss) -> Tensor:
    """Mean loss of a batch: logits `(N, classes)`, labels `(N,)` -> scalar; ValueError for a loss that nobody knows."""
    if loss not in LOSSES:
        raise ValueError(f"unknown loss {loss!r}")
    return LOSSES[loss].of(logits, labels)


def guessing_loss(classes: int, loss: Loss) -> float:
    """The loss of giving every class the same probability: ln(classes) for cross-entropy."""
    return LOSSES[loss].guessing(classes)
