"""One weight of a dense layer by hand, from its input to its update: plain sums and products in double precision."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from lib.activations import ACTIVATIONS, Array
from lib.config import Loss, TrainConfig
from lib.explain.iteration import Iteration
from lib.losses import LOSSES
from lib.models.build import FullyConnected
from lib.optimizers import OPTIMIZERS


@dataclass(frozen=True)
class ByHand:
    """The way of one weight through one iteration; arrays have one entry for each of the N pictures."""

    inputs: Array  # what arrives over the connection
    sums: Array  # the neuron's weighted sums with bias
    outputs: Array  # after the activation
    right: Array  # probability of the right class
    losses: Array
    returned: Array  # gradient of a picture's loss to the neuron's output
    slopes: Array  # of the activation at the sum
    errors: Array  # returned * slope
    gradient: float  # the mean of error * input


def by_hand(
    step: Iteration, layers: Mapping[str, FullyConnected], layer: str, unit: int, place: int, loss: Loss
) -> ByHand:
    """Follow weight `[unit, place]` of `layer` forwards and back through the dense end of a net.

    `layers` are the net's dense layers at its end, in order (see `dense_end`); only their activations are taken from
    it, weights are those of `step.before`. KeyError when `layer` is none of them.
    """
    names = list(layers)
    names = names[names.index(layer) :] if layer in names else []
    if not names:
        raise KeyError(f"{layer} is no dense layer at the end of this net.")
    arriving = step.inputs[layer].numpy().astype(np.float64)
    sums: dict[str, Array] = {}
    values = arriving
    for name in names:
        weight, bias = (step.before[f"{name}.{kind}"].numpy().astype(np.float64) for kind in ("weight", "bias"))
        sums[name] = values @ weight.T + bias
        values = ACTIVATIONS[layers[name].activation].value(sums[name])
    shifted = np.exp(values - values.max(axis=1, keepdims=True))
    probabilities: Array = shifted / shifted.sum(axis=1, keepdims=True)
    truth = np.eye(probabilities.shape[1])[step.y.numpy()]
    right = (probabilities * truth).sum(axis=1)
    losses, returned = LOSSES[loss].by_hand(probabilities, truth)
    for name, before in zip(reversed(names), [*reversed(names[:-1]), None], strict=True):
        slopes = ACTIVATIONS[layers[name].activation].slope(sums[name])
        if before is not None:
            returned = (returned * slopes) @ step.before[f"{name}.weight"].numpy().astype(np.float64)
    errors = returned[:, unit] * slopes[:, unit]
    return ByHand(
        inputs=arriving[:, place],
        sums=sums[layer][:, unit],
        outputs=ACTIVATIONS[layers[layer].activation].value(sums[layer])[:, unit],
        right=right,
        losses=losses,
        returned=returned[:, unit],
        slopes=slopes[:, unit],
        errors=errors,
        gradient=float((errors * arriving[:, place]).mean()),
    )


def autograd_of_picture(
    step: Iteration,
    layers: Mapping[str, FullyConnected],
    layer: str,
    picture: int,
    loss_of: Callable[[Tensor, Tensor], Tensor],
) -> tuple[Tensor, Tensor]:
    """The gradients of `layer`'s weight and bias for one picture of the batch alone, by autograd."""
    names = list(layers)[list(layers).index(layer) :]
    values = step.inputs[layer][picture : picture + 1]
    weight, bias = (step.before[f"{layer}.{kind}"].clone().requires_grad_() for kind in ("weight", "bias"))
    own = {f"{layer}.weight": weight, f"{layer}.bias": bias}
    with torch.enable_grad():
        for name in names:
            parameters = (({**step.before, **own})[f"{name}.{kind}"] for kind in ("weight", "bias"))
            values = layers[name].activate(functional.linear(values, *parameters))
        loss = loss_of(values, step.y[picture : picture + 1])
    of_weight, of_bias = torch.autograd.grad(loss, (weight, bias))
    return of_weight, of_bias


def memory_of(
    optimizer: torch.optim.Optimizer, parameter: torch.nn.Parameter, index: tuple[int, ...]
) -> dict[str, float]:
    """What an optimizer remembers of one weight: moments by torch's names, and how many steps it has taken."""
    kept = optimizer.state.get(parameter, {})
    values = {name: torch.as_tensor(value) for name, value in kept.items() if value is not None}
    return {
        name: float(value[index]) if value.shape == parameter.shape else float(value) for name, value in values.items()
    }


def update_by_hand(
    config: TrainConfig, rate: float, weight: float, gradient: float, memory: Mapping[str, float]
) -> float:
    """What one step of the optimizer of `config` adds to a weight, from its gradient and the memory before the step."""
    return OPTIMIZERS[config.optimizer].update(rate, weight, gradient, config.weight_decay, memory)
