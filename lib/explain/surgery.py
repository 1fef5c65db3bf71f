"""Operate on a copy of a net: mute filters, change single weights, and measure what that does to its answers."""

from collections.abc import Collection, Generator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from lib.activations import ACTIVATIONS
from lib.datasets import Split, spread
from lib.models.modes import evaluating

_CHUNK = 100  # pictures at once: their maps stay in memory while one filter after the other is muted


@dataclass(frozen=True, slots=True)
class Edit:
    """One weight with a new value."""

    parameter: str  # "conv1.weight"
    index: tuple[int, ...]  # filter, channel, row, column; of a dense layer unit, input; of biases the one number
    value: float


@dataclass(frozen=True, slots=True)
class Score:
    """How many of `pictures` a net names rightly, as shares 0..1."""

    pictures: int
    accuracy: float
    class_accuracy: tuple[float | None, ...]  # None where no picture is of that class


def operate(
    model: nn.Sequential, muted: Mapping[str, Collection[int]] | None = None, edits: Sequence[Edit] = ()
) -> nn.Sequential:
    """Copy `model`, set single weights, and mute filters (layer name -> filters): their maps become zero.

    `model` stays as it is. KeyError or IndexError for a layer, a filter or a weight that is not there.
    """
    patient = deepcopy(model)
    parameters = dict(patient.named_parameters())
    with torch.no_grad():
        for edit in edits:
            parameters[edit.parameter][edit.index] = edit.value
        for name, filters in (muted or {}).items():
            convolution = convolution_of(patient, name)
            assert convolution.bias is not None
            # A sum of zero is silence for every activation but the sigmoid, which needs minus infinity to reach 0.
            named = getattr(convolution, "activation", None)
            for index in filters:
                convolution.weight[index] = 0.0
                convolution.bias[index] = ACTIVATIONS[named].silence if named else 0.0
    return patient


def convolutions(model: nn.Sequential) -> list[str]:
    """The names of all convolutions, first to last."""
    return [name for name, module in model.named_children() if isinstance(module, nn.Conv2d)]


def convolution_of(model: nn.Sequential, name: str) -> nn.Conv2d:
    """The convolution of this name; KeyError if there is none."""
    module = dict(model.named_children()).get(name)
    if not isinstance(module, nn.Conv2d):
        raise KeyError(f"There is no convolution “{name}”; there are {', '.join(convolutions(model)) or 'none'}.")
    return module


def score(model: nn.Sequential, split: Split, classes: int, pictures: int | None = None) -> Score:
    """Measure `model` on `pictures` of `split`, spread evenly over it (None: on all)."""
    counted = torch.zeros(2, classes, dtype=torch.int64)  # pictures and right answers of each class
    for part in torch.split(spread(len(split), pictures), _CHUNK):
        x, y = split.batch(part)
        right = _answers(model, x) == y
        counted += torch.stack([torch.bincount(y, minlength=classes), torch.bincount(y[right], minlength=classes)])
    there, named = counted.tolist()
    each = tuple(hits / count if count else None for count, hits in zip(there, named, strict=True))
    return Score(sum(there), sum(named) / sum(there), each)


def without_each_filter(
    model: nn.Sequential, layer: str, split: Split, pictures: int | None = None
) -> Generator[float, None, list[float]]:
    """Measure the accuracy `(filters,)` that is left when one filter of `layer` alone is muted, for each of them.

    Yields the share of the work that is done, 0..1; closing it is a clean stop. Everything up to the layer is computed
    once, only what follows once for every filter.
    """
    count = convolution_of(model, layer).out_channels
    net = deepcopy(model).eval()
    place = [name for name, _ in net.named_children()].index(layer) + 1
    before, after = net[:place], net[place:]
    parts = torch.split(spread(len(split), pictures), _CHUNK)
    right = torch.zeros(count, dtype=torch.int64)
    for number, part in enumerate(parts):
        x, y = split.batch(part)
        maps = _outputs(before, x)
        for index in range(count):
            heard = maps[:, index].clone()
            maps[:, index] = 0.0
            right[index] += (_answers(after, maps) == y).sum()
            maps[:, index] = heard
            yield (number + (index + 1) / count) / len(parts)
    return [float(share) for share in right.double() / sum(len(part) for part in parts)]


def _outputs(model: nn.Module, x: Tensor) -> Tensor:
    # Never around a yield: whether gradients are kept belongs to the thread.
    with torch.no_grad(), evaluating(model):
        outputs: Tensor = model(x)
        return outputs


def _answers(model: nn.Module, x: Tensor) -> Tensor:
    """The class that each picture is given `(N,)`; -1 where a weight that was set leaves no number to answer with."""
    outputs = _outputs(model, x)
    return outputs.argmax(dim=1).where(outputs.isfinite().all(dim=1), -1)
