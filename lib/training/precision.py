"""Which numbers to compute with: measured on this machine and this net, never guessed.

With matrix units (AMX) bfloat16 trains a large CNN about three times as fast; without them it is up to twenty times
slower. Weights, optimizer and loss stay in float32 either way.
"""

from contextlib import AbstractContextManager
from time import perf_counter
from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import functional

from lib.config import TrainConfig

Precision = Literal["fp32", "bf16"]

_CLEARLY = 1.3  # times as fast, to be worth fewer digits
_TINY_SECONDS = 0.004  # a step this short gains nothing, and is not measured further
_ROUNDS = 5
_known: dict[str, Precision] = {}  # one answer a process for equal nets, so that equal runs stay equal


def computing_in(precision: Precision) -> AbstractContextManager[None]:
    """Compute the forward pass inside this block in `precision`. Never yield inside: it belongs to the thread."""
    manager: AbstractContextManager[None] = torch.autocast("cpu", torch.bfloat16, enabled=precision == "bf16")
    return manager


def choose_precision(model: nn.Module, x: Tensor, y: Tensor, config: TrainConfig) -> Precision:
    """Give `config.precision`, or for "auto" what a few passes over the batch `x, y` show to be faster.

    Leaves the model as it was: no weight, no running mean and no random generator is touched.
    """
    if config.precision != "auto":
        return config.precision
    key = f"{model}{tuple(x.shape)}"
    if key in _known:
        return _known[key]
    return _known.setdefault(key, _measure(model, x, y))  # of two that measured at once, the first one's answer


def set_memory_format(model: nn.Module, precision: Precision) -> None:
    """Lay filters out as the bfloat16 kernels want them; a change of storage, not of values."""
    if precision == "bf16":
        model.to(memory_format=torch.channels_last)  # type: ignore[call-overload]


def _measure(model: nn.Module, x: Tensor, y: Tensor) -> Precision:
    was_training = model.training
    model.eval()  # dropout would draw, batch norm would learn
    try:
        _pass(model, x, y, "fp32")
        if _pass(model, x, y, "fp32") < _TINY_SECONDS:
            return "fp32"
        _pass(model, x, y, "bf16")
        slow, fast = zip(
            *((_pass(model, x, y, "fp32"), _pass(model, x, y, "bf16")) for _ in range(_ROUNDS)), strict=True
        )
    finally:
        model.train(was_training)
    # The best of each: what else the machine does can only make a pass slower.
    return "bf16" if min(slow) / min(fast) > _CLEARLY else "fp32"


def _pass(model: nn.Module, x: Tensor, y: Tensor, precision: Precision) -> float:
    """Seconds for one forward and backward pass."""
    started = perf_counter()
    with computing_in(precision):
        logits = model(x)
    torch.autograd.grad(functional.cross_entropy(logits.float(), y), list(model.parameters()))
    return perf_counter() - started
