"""Shrink a net: fewer bits for each weight, or fewer weights, and what that costs."""

from collections.abc import Collection
from copy import deepcopy
from math import ceil

import torch
from torch import Tensor, nn

BITS = (32, 8, 4, 3, 2, 1)
PRUNED = (0, 20, 40, 60, 70, 80, 90, 95, 98)  # per cent of the weights
_FLOAT = 32


def layers_with_weights(model: nn.Sequential) -> list[str]:
    """The names of the layers that can be shrunk, first to last."""
    return [name for name, module in model.named_children() if isinstance(module, nn.Conv2d | nn.Linear)]


def rounded(weight: Tensor, bits: int) -> Tensor:
    """The nearest of the few values that `bits` can tell apart, at equal distances, zero among them.

    One bit: the sign of each weight times the mean size of all (Rastegari et al. 2016). 32: as it is.
    """
    if bits >= _FLOAT:
        return weight.clone()
    if bits == 1:
        return torch.where(weight < 0, -1.0, 1.0) * weight.abs().mean()
    step = step_of(weight, bits)
    return (weight / step).round() * step if step else weight.clone()


def step_of(weight: Tensor, bits: int) -> float:
    """The distance of two neighbouring values, so that the largest weight is kept: 2^(bits-1) - 1 each way."""
    values: int = 2 ** (bits - 1) - 1
    return float(weight.abs().max()) / values


def pruned(weight: Tensor, percent: float) -> Tensor:
    """The smallest `percent` of the weights become zero."""
    count = round(weight.numel() * percent / 100)
    kept = weight.clone().flatten()
    kept[weight.abs().flatten().argsort(stable=True)[:count]] = 0.0
    return kept.view_as(weight)


def shrunk(
    model: nn.Sequential, bits: int = _FLOAT, percent: float = 0.0, layers: Collection[str] | None = None
) -> nn.Sequential:
    """A copy whose weights, in `layers` or all, were pruned and then rounded; biases stay as they are.

    What was pruned stays zero with one bit too.
    """
    copy = deepcopy(model)
    for name in layers_with_weights(copy) if layers is None else layers:
        weight = copy.get_submodule(name).weight
        assert isinstance(weight, Tensor)
        with torch.no_grad():
            left = pruned(weight, percent)
            few = rounded(left, bits)
            if bits == 1 and percent:
                few = torch.where(left == 0, 0.0, torch.where(left < 0, -1.0, 1.0) * left[left != 0].abs().mean())
            weight.copy_(few)
    return copy


def size_in_bytes(
    model: nn.Sequential, bits: int = _FLOAT, percent: float = 0.0, layers: Collection[str] | None = None
) -> int:
    """What the numbers of such a net take: its weights packed; pruned ones cost a bit for each place."""
    chosen = set(layers_with_weights(model) if layers is None else layers)
    total = 0
    for name, parameter in model.state_dict().items():
        layer, _, kind = name.rpartition(".")
        count = parameter.numel()
        if layer in chosen and kind == "weight":
            left = count - round(count * percent / 100)
            total += ceil((left * bits + (count if percent else 0)) / 8) + (4 if bits < _FLOAT else 0)
        else:
            total += 4 * count
    return total


def cliff(accuracies: list[float], fall: float = 0.05) -> int | None:
    """The first place whose accuracy lies more than `fall` below the first one's; None if none does."""
    return next((place for place, each in enumerate(accuracies) if each < accuracies[0] - fall), None)
