"""Losses: everything that is known of each, in one record.

Training, the arithmetic by hand and exported programs read this table; a new loss is a new record here and a line in
`lib.ui.words` for its value by hand.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from lib.activations import Array


@dataclass(frozen=True, slots=True)
class LossKind:
    """One loss; its key in the table is its name in set-ups and files."""

    title: str
    of: Callable[[Tensor, Tensor], Tensor]  # logits (N, classes), labels (N,) -> mean of the batch
    with_slope: Callable[[Tensor, Tensor], tuple[Tensor, Tensor]]  # the same, and its gradient at the logits
    guessing: Callable[[int], float]  # classes -> what giving all of them the same probability costs
    by_hand: Callable[
        [Array, Array], tuple[Array, Array]
    ]  # probabilities, one-hot truth -> losses, gradients at logits
    line: str  # in a lesson's five lines of PyTorch
    torch_code: str  # `loss_of(logits, labels)` of a PyTorch program
    keras_code: str  # `loss` of a Keras program; {classes}: their number


def _cross_entropy_with_slope(logits: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    log_p = functional.log_softmax(logits, dim=1)
    value = functional.nll_loss(log_p, y)
    slope = torch.zeros_like(logits).scatter_(1, y[:, None], -1 / len(y))
    return value, torch.ops.aten._log_softmax_backward_data(slope, log_p, 1, logits.dtype)


def _cross_entropy_by_hand(probabilities: Array, truth: Array) -> tuple[Array, Array]:
    return -np.log((probabilities * truth).sum(axis=1)), probabilities - truth


def _squared(logits: Tensor, labels: Tensor) -> Tensor:
    """Between softmax and one-hot label, summed over the classes (SSE) and averaged over the batch.

    As introductory texts define it; some libraries also divide by the number of classes.
    """
    probabilities = functional.softmax(logits, dim=1)
    targets = functional.one_hot(labels, logits.shape[1]).to(probabilities.dtype)
    return (probabilities - targets).square().sum(dim=1).mean()


def _squared_with_slope(logits: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    p = functional.softmax(logits, dim=1)
    error = p.scatter_add(1, y[:, None], logits.new_full((len(y), 1), -1.0))
    value = error.square().sum(1).mean()
    slope = (2 * error).mul_(1 / len(y))
    return value, torch.ops.aten._softmax_backward_data(slope, p, 1, logits.dtype)


def _squared_by_hand(probabilities: Array, truth: Array) -> tuple[Array, Array]:
    gap = probabilities - truth
    pull = 2 * gap * probabilities
    return (gap**2).sum(axis=1), pull - probabilities * pull.sum(axis=1, keepdims=True)


LOSSES: dict[str, LossKind] = {
    "cross-entropy": LossKind(
        title="Cross-entropy",
        of=functional.cross_entropy,
        with_slope=_cross_entropy_with_slope,
        guessing=math.log,
        by_hand=_cross_entropy_by_hand,
        line="loss = F.cross_entropy(logits, y)",
        torch_code='''def loss_of(logits, labels):
    """Cross-entropy: minus the logarithm of the probability that the true class got, as a mean over the batch."""
    return functional.cross_entropy(logits, labels)''',
        keras_code="loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)",
    ),
    "mse": LossKind(
        title="Mean squared error",
        of=_squared,
        with_slope=_squared_with_slope,
        guessing=lambda classes: (1 - 1 / classes) ** 2 + (classes - 1) / classes**2,
        by_hand=_squared_by_hand,
        line="loss = (logits.softmax(1) - F.one_hot(y)).square().sum(1).mean()",
        torch_code='''def loss_of(logits, labels):
    """Squared error between softmax and one-hot label, summed over the classes, as a mean over the batch."""
    targets = functional.one_hot(labels, logits.shape[1]).to(logits.dtype)
    return (functional.softmax(logits, dim=1) - targets).square().sum(dim=1).mean()''',
        keras_code='''def loss(labels, logits):
    """Squared error between softmax and one-hot label, summed over the classes."""
    targets = keras.ops.one_hot(keras.ops.reshape(labels, (-1,)), {classes})
    return keras.ops.sum(keras.ops.square(keras.ops.softmax(logits) - targets), axis=1)''',
    ),
}

if TYPE_CHECKING:
    Loss = str
else:  # what is allowed is what stands in the table
    Loss = Literal[tuple(LOSSES)]
