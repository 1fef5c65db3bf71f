"""Measure a net on pictures, and ask it about one."""

from collections.abc import Generator
from copy import deepcopy
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn
from torch.nn import functional

from lib.config import Loss
from lib.datasets import Split, spread
from lib.models.modes import evaluating
from lib.parts import at_once
from lib.telling import Refusal, told
from lib.training.events import Evaluating
from lib.training.losses import loss_of
from lib.training.precision import Precision, computing_in

_CHUNK = 500  # pictures per forward pass: small enough to share the worker, large enough to be fast


@dataclass(frozen=True, slots=True)
class Evaluation:
    """How a net does on a split of N pictures."""

    loss: float
    accuracy: float  # 0..1
    confusion: Tensor = field(repr=False)  # (classes, classes) counts, rows = truth
    probabilities: Tensor = field(repr=False)  # (N, classes)


class NoAnswer(Refusal):
    """What a net says is no number; the text says so to people."""

    def __init__(self) -> None:
        message = "This net says nothing any more: its weights are no longer numbers, its steps were too large."
        super().__init__(message, told("refused.no_answer"))


def has_numbers(model: nn.Module) -> bool:
    """Whether everything that `model` keeps is still a number: only then it can be asked."""
    return all(bool(value.isfinite().all()) for value in model.state_dict().values())


def predict(model: nn.Module, x: Tensor) -> Tensor:
    """Class probabilities `(N, classes)` for pictures `x` `(N, C, H, W)`, as `prepare` and `Split.batch` give them.

    Computed in float64 and rounded once, so that every digit is the same on a page, in a program and on the command
    line: in float32 the last one depends on how many threads are free and on how many pictures come together. Raises
    NoAnswer where the net says no numbers.
    """
    exact = deepcopy(model).to("cpu", torch.float64).eval()
    with torch.no_grad():
        shares = functional.softmax(exact(x.to("cpu", torch.float64)), dim=1)
    if not bool(shares.isfinite().all()):
        raise NoAnswer
    return shares.to(x.device, torch.float32)


def glance(model: nn.Module, x: Tensor) -> Tensor:
    """`predict` in the net's own precision and on its device: the fast way, for what is shown while it trains."""
    with torch.no_grad(), evaluating(model):
        return functional.softmax(model(x), dim=1)


def best_answers(model: nn.Module, x: Tensor, digits: int = 4) -> list[tuple[int, float]]:
    """The likeliest class of each picture and its share, by `glance`; nothing where the net says no numbers."""
    shares = glance(model, x)
    if not bool(shares.isfinite().all()):
        return []
    best, labels = shares.max(1)
    return [(label, round(share, digits)) for label, share in zip(labels.tolist(), best.tolist(), strict=True)]


def evaluate(
    model: nn.Module,
    split: Split,
    loss: Loss = "cross-entropy",
    limit: int | None = None,
    precision: Precision = "fp32",
) -> Evaluation:
    """Measure `model` on all of `split`, or on `limit` pictures spread evenly over it."""
    return at_once(evaluate_in_parts(model, split, loss, limit, precision))


def evaluate_in_parts(
    model: nn.Module,
    split: Split,
    loss: Loss = "cross-entropy",
    limit: int | None = None,
    precision: Precision = "fp32",
) -> Generator[Evaluating, None, Evaluation]:
    """`evaluate`, pausing after every part so that whoever drives it can do something else in between."""
    index = spread(len(split), limit)
    total = len(index)
    logits: list[Tensor] = []
    labels: list[Tensor] = []
    device = next(model.parameters()).device
    for start in range(0, total, _CHUNK):
        x, y = split.batch(index[start : start + _CHUNK])
        # Never around a yield: gradients and precision belong to the thread, not to the run.
        with torch.no_grad(), evaluating(model), computing_in(precision, device.type):
            logits.append(model(x.to(device)).float().cpu())
        labels.append(y.cpu())
        yield Evaluating(min(start + _CHUNK, total), total)
    return _judge(torch.cat(logits), torch.cat(labels), loss)


def _judge(logits: Tensor, labels: Tensor, loss: Loss) -> Evaluation:
    classes = logits.shape[1]
    answers = logits.argmax(1)
    return Evaluation(
        loss=float(loss_of(logits, labels, loss)),
        accuracy=float((answers == labels).double().mean()),
        confusion=torch.bincount(labels * classes + answers, minlength=classes**2).reshape(classes, classes),
        probabilities=functional.softmax(logits, dim=1),
    )
