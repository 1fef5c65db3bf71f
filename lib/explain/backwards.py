"""The way back: from the loss to every weight's gradient, and to the step that an optimizer makes of it."""

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor, nn

from lib.models.modes import evaluating


class Backward(NamedTuple):
    """A loss, and its gradient for every weight and bias by name ("conv1.weight")."""

    loss: float
    gradients: dict[str, Tensor]


@dataclass(frozen=True, slots=True)
class GradientSize:
    """How large the gradient of one tensor of weights is."""

    layer: str  # "conv1"
    kind: str  # "weight" or "bias"
    count: int
    norm: float  # L2: the root of the sum of squares
    mean_absolute: float


def backward(model: nn.Module, x: Tensor, loss_of: Callable[[Tensor], Tensor]) -> Backward:
    """Send pictures `x` `(N, C, H, W)` forwards and their loss backwards; nothing in `model` changes.

    `loss_of` makes a scalar of the logits `(N, classes)`. Dropout is off and batch norm uses its running values, so
    that the same pictures always give the same gradients.
    """
    parameters = dict(model.named_parameters())
    with torch.enable_grad(), evaluating(model):
        loss = loss_of(model(x))
        # A layer behind which nothing answers any more (every ReLU off) still has a gradient: zero.
        found = torch.autograd.grad(loss, list(parameters.values()), allow_unused=True, materialize_grads=True)
    return Backward(float(loss.detach()), dict(zip(parameters, found, strict=True)))


def gradient_sizes(gradients: Mapping[str, Tensor]) -> list[GradientSize]:
    """Measure each gradient, from the output back to the input, as backpropagation reaches them."""
    by_layer: dict[str, list[GradientSize]] = {}
    for name, gradient in gradients.items():
        layer, kind = name.rsplit(".", 1)
        size = GradientSize(layer, kind, gradient.numel(), float(gradient.norm()), float(gradient.abs().mean()))
        by_layer.setdefault(layer, []).append(size)
    return [size for sizes in reversed(by_layer.values()) for size in sizes]


def updates(model: nn.Module, optimizer: torch.optim.Optimizer, gradients: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Give what one step of `optimizer` would add to every weight of `model`, float64; both stay as they are.

    `optimizer` looks after the parameters of `model`, with whatever it remembers of earlier steps. In double precision,
    so that an update far smaller than its weight is not rounded away.
    """
    moved, stepper = deepcopy((model, optimizer))  # together, so that the copy looks after the copies
    moved.double()
    for parameter, kept in stepper.state.items():
        for name, value in kept.items():
            if torch.is_tensor(value) and value.shape == parameter.shape:  # a moment, not a counter of steps
                kept[name] = value.double()
    for name, parameter in moved.named_parameters():
        # Fused kernels go through weights and gradients byte by byte: both must lie in memory the same way.
        parameter.grad = torch.empty_like(parameter).copy_(gradients[name])
    before = {name: parameter.detach().clone() for name, parameter in moved.named_parameters()}
    stepper.step()
    return {name: parameter.detach() - before[name] for name, parameter in moved.named_parameters()}
