"""What training makes small, and what guessing would score."""

import math

from torch import Tensor
from torch.nn import functional

from lib.config import Loss


def loss_of(logits: Tensor, labels: Tensor, loss: Loss) -> Tensor:
    """Mean loss of a batch: logits `(N, classes)`, labels `(N,)` -> scalar.

    `mse` is the squared error between softmax and one-hot label, summed over the classes (SSE) and averaged over the
    batch, as introductory texts define it; some libraries also divide by the number of classes.
    """
    match loss:
        case "cross-entropy":
            return functional.cross_entropy(logits, labels)
        case "mse":
            probabilities = functional.softmax(logits, dim=1)
            targets = functional.one_hot(labels, logits.shape[1]).to(probabilities.dtype)
            return (probabilities - targets).square().sum(dim=1).mean()
        case _:
            raise ValueError(f"unknown loss {loss!r}")


def guessing_loss(classes: int, loss: Loss) -> float:
    """The loss of giving every class the same probability: ln(classes) for cross-entropy."""
    if loss == "cross-entropy":
        return math.log(classes)
    return (1 - 1 / classes) ** 2 + (classes - 1) / classes**2
