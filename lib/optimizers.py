"""Optimizers: everything that is known of each, in one record.

Training, the update by hand, exported programs, experiments and the doctor read this table; a new optimizer is a new
record here and a line in `lib.ui.words` for its update by hand.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from math import copysign, pow, sqrt
from typing import Any

import torch
from torch import nn

Memory = Mapping[str, float]  # what an optimizer remembers of one weight, by torch's names; empty before its first step

_MOMENTUM = 0.9
_BETAS = (0.9, 0.999)
_SMOOTHING = 0.99  # of RMSprop
_EPSILON = 1e-8


@dataclass(frozen=True, slots=True)
class OptimizerKind:
    """One optimizer; its key in the table is its name in set-ups and files."""

    title: str  # in menus and sentences
    heading: str  # where there is little room: in a legend, on an axis
    plainly: str  # in a report that is read without us
    usual_rate: float  # what it is started with for nets of this size
    torch_class: type[torch.optim.Optimizer]
    by_hand: Callable[[float, float, Memory], float]  # rate, slope, memory before the step -> what the weight gets
    keras_code: str  # {decay}: the weight decay
    steps: str  # how it turns a gradient into a step: a code that the interface has a sentence for
    options: Mapping[str, Any] = field(default_factory=dict)  # of the class, beside rate and weight decay
    decoupled: bool = (
        False  # weight decay shrinks the weight itself, not by way of the slope (Loshchilov & Hutter 2019)
    )
    kernel: str = ""  # torch's own for all weights at once, with Adam's arguments

    def make(self, parameters: Iterable[nn.Parameter], rate: float, decay: float) -> torch.optim.Optimizer:
        """Make the optimizer. Fused kernels update all weights in one call where torch has them."""
        settings: dict[str, Any] = {"lr": rate, "weight_decay": decay, **self.options}
        return self.torch_class(parameters, **settings)

    def update(self, rate: float, weight: float, gradient: float, decay: float, memory: Memory) -> float:
        """Say what one step adds to a weight, from its gradient and the memory before the step."""
        if self.decoupled:
            return self.by_hand(rate, gradient, memory) - rate * decay * weight
        return self.by_hand(rate, gradient + decay * weight, memory)

    def torch_code(self, parameters: str, rate: str, decay: float) -> str:
        """Write what `make` makes; an optimizer of our own by its bare name."""
        settings: dict[str, Any] = (
            {"weight_decay": decay} if decay or self.decoupled else {}
        )  # torch's own may not be 0
        written = "".join(f", {name}={value!r}" for name, value in (settings | dict(self.options)).items())
        name = self.torch_class.__name__ if self.is_ours else f"torch.optim.{self.torch_class.__name__}"
        return f"{name}({parameters}, lr={rate}{written})"

    @property
    def is_ours(self) -> bool:
        """Whether a program that uses it has to bring it."""
        return self.torch_class.__module__ == __name__


def _descent(rate: float, slope: float, _memory: Memory) -> float:
    return -rate * slope


def _momentum(rate: float, slope: float, memory: Memory) -> float:
    return -rate * (_MOMENTUM * memory.get("momentum_buffer", 0.0) + slope)


def _adam(rate: float, slope: float, memory: Memory) -> float:
    """Mean over root mean square of the slopes so far (Kingma & Ba 2015)."""
    steps = memory.get("step", 0.0) + 1
    mean = _BETAS[0] * memory.get("exp_avg", 0.0) + (1 - _BETAS[0]) * slope
    square = _BETAS[1] * memory.get("exp_avg_sq", 0.0) + (1 - _BETAS[1]) * slope**2
    mean, square = mean / (1 - pow(_BETAS[0], steps)), square / (1 - pow(_BETAS[1], steps))
    return -rate * mean / (sqrt(square) + _EPSILON)


def _rmsprop(rate: float, slope: float, memory: Memory) -> float:
    square = _SMOOTHING * memory.get("square_avg", 0.0) + (1 - _SMOOTHING) * slope**2
    return -rate * slope / (sqrt(square) + _EPSILON)


class Lion(torch.optim.Optimizer):
    """Steps of one size: the sign of the momentum, mixed with the newest gradient (Chen et al. 2023)."""

    def __init__(self, params: Any, lr: float, weight_decay: float = 0.0, betas: tuple[float, float] = (0.9, 0.99)):
        super().__init__(params, {"lr": lr, "weight_decay": weight_decay, "betas": betas})

    @torch.no_grad()
    def step(self, closure: Any = None) -> Any:
        """Move every weight by the rate, up or down."""
        with torch.enable_grad():
            loss = closure() if closure else None
        for group in self.param_groups:
            mixed, kept = group["betas"]
            for weight in group["params"]:
                if weight.grad is None:
                    continue
                memory = self.state[weight]
                if not memory:
                    memory["exp_avg"] = torch.zeros_like(weight)
                direction = memory["exp_avg"].lerp(weight.grad, 1 - mixed).sign_()
                weight.mul_(1 - group["lr"] * group["weight_decay"]).add_(direction, alpha=-group["lr"])
                memory["exp_avg"].lerp_(weight.grad, 1 - kept)
        return loss


def _lion(rate: float, slope: float, memory: Memory) -> float:
    mean = _MOMENTUM * memory.get("exp_avg", 0.0) + (1 - _MOMENTUM) * slope
    return 0.0 if mean == 0 else -copysign(rate, mean)


OPTIMIZERS: dict[str, OptimizerKind] = {
    "sgd": OptimizerKind(
        title="SGD (gradient descent)",
        heading="SGD",
        plainly="gradient descent (SGD)",
        usual_rate=0.1,  # plain descent needs by far the largest
        torch_class=torch.optim.SGD,
        options={"fused": True},
        by_hand=_descent,
        keras_code="keras.optimizers.SGD(rate)",
        steps="descends",
    ),
    "momentum": OptimizerKind(
        title="SGD with momentum",
        heading="Momentum",
        plainly="SGD with momentum",
        usual_rate=0.03,
        torch_class=torch.optim.SGD,
        options={"momentum": _MOMENTUM, "fused": True},
        by_hand=_momentum,
        keras_code="keras.optimizers.SGD(rate, momentum=0.9)",
        steps="goes_on",
    ),
    "adam": OptimizerKind(
        title="Adam",
        heading="Adam",
        plainly="Adam",
        usual_rate=0.002,
        torch_class=torch.optim.Adam,
        options={"fused": True},
        by_hand=_adam,
        keras_code="keras.optimizers.Adam(rate, epsilon=1e-8)",
        steps="divides",
        kernel="_fused_adam_",
    ),
    "adamw": OptimizerKind(
        title="AdamW",
        heading="AdamW",
        plainly="AdamW",
        usual_rate=0.002,
        torch_class=torch.optim.AdamW,
        options={"fused": True},
        by_hand=_adam,
        keras_code="keras.optimizers.AdamW(rate, weight_decay={decay!r}, epsilon=1e-8)",
        steps="divides",
        decoupled=True,
        kernel="_fused_adamw_",
    ),
    "rmsprop": OptimizerKind(
        title="RMSprop",
        heading="RMSprop",
        plainly="RMSprop",
        usual_rate=0.001,
        torch_class=torch.optim.RMSprop,
        by_hand=_rmsprop,
        keras_code="keras.optimizers.RMSprop(rate, rho=0.99, epsilon=1e-16)",  # Keras adds it under the root
        steps="divides",
    ),
    "lion": OptimizerKind(
        title="Lion",
        heading="Lion",
        plainly="Lion",
        usual_rate=0.0003,  # every weight moves by all of it, at every step
        torch_class=Lion,
        by_hand=_lion,
        keras_code="keras.optimizers.Lion(rate, weight_decay={decay!r})",
        steps="takes_signs",
        decoupled=True,
    ),
}
