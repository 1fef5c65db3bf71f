"""What a filter likes: the pictures' places that it answers most, and a picture made to please it."""

from collections import OrderedDict
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from lib.datasets import Split
from lib.models.modes import evaluating

_CHUNK = 100


@dataclass(frozen=True)
class Window:
    """The part of a picture that one place of a map sees: rows `top` to `bottom`, columns `left` to `right`."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True)
class Liked:
    """One of the places that a filter answers most."""

    picture: int  # in its split
    answer: float
    window: Window


def up_to(model: nn.Sequential, layer: str) -> nn.Sequential:
    """The net's layers up to this one. KeyError if there is none of that name."""
    names = [name for name, _ in model.named_children()]
    if layer not in names:
        raise KeyError(layer)
    return nn.Sequential(OrderedDict(list(model.named_children())[: names.index(layer) + 1]))


def window_of(model: nn.Sequential, layer: str, row: int, column: int, height: int, width: int) -> Window:
    """What the place (row, column) of the layer's maps can see of a picture `height` by `width`.

    From the last layer back to the first: a kernel of `k` at stride `s` with padding `p` sees `s·i - p` to
    `s·i - p + k - 1` (Araujo et al. 2019); cut off where the picture ends.
    """
    rows, columns = (row, row), (column, column)
    for module in reversed(list(up_to(model, layer))):
        kernel, stride, padding = (_pair(getattr(module, name, None)) for name in ("kernel_size", "stride", "padding"))
        if kernel is None:
            continue
        rows, columns = (
            (first * (stride or kernel)[axis] - (padding or (0, 0))[axis],
             last * (stride or kernel)[axis] - (padding or (0, 0))[axis] + kernel[axis] - 1)
            for axis, (first, last) in enumerate((rows, columns))
        )  # fmt: skip
    return Window(max(rows[0], 0), max(columns[0], 0), min(rows[1], height - 1), min(columns[1], width - 1))


def _pair(value: object) -> tuple[int, int] | None:
    if isinstance(value, int):
        return value, value
    return (int(value[0]), int(value[1])) if isinstance(value, tuple) else None


def most_liked(model: nn.Sequential, layer: str, index: int, split: Split, count: int = 9) -> list[Liked]:
    """The `count` pictures of `split` that hold the places which filter `index` of `layer` answers most, one each."""
    best, places = [], []
    part_of_net = up_to(model, layer)
    with torch.no_grad(), evaluating(part_of_net):
        for start in range(0, len(split), _CHUNK):
            maps = part_of_net(split.batch(slice(start, start + _CHUNK))[0])[:, index]
            top = maps.flatten(1).max(dim=1)
            best.append(top.values)
            places.append(top.indices)
            columns = maps.shape[2]
    answers, where = torch.cat(best), torch.cat(places)
    found = []
    for picture in answers.argsort(descending=True, stable=True)[:count].tolist():
        row, column = divmod(int(where[picture]), columns)
        height, width = split.pixels(slice(0, 1)).shape[2:]
        window = window_of(model, layer, row, column, height, width)
        found.append(Liked(picture, float(answers[picture]), window))
    return found


def pleasing(
    model: nn.Sequential, layer: str, index: int, shape: tuple[int, int, int], white: float, steps: int = 80
) -> Tensor:
    """A picture `(C, H, W)` made from grey by going up the gradient of the filter's mean answer, slightly blurred.

    (Erhan et al. 2009.) On small nets it may look like noise: nothing ties it to pictures that there are.
    """
    part_of_net = up_to(model, layer)
    noise = torch.rand((1, *shape), generator=torch.Generator().manual_seed(0))
    x = white * (0.5 + 0.05 * (noise - 0.5))
    for _ in range(steps):
        x = x.detach().requires_grad_()
        with torch.enable_grad(), evaluating(part_of_net):
            (slope,) = torch.autograd.grad(part_of_net(x)[0, index].mean(), x)
        x = x + 0.03 * white * slope / slope.abs().mean().clamp_min(1e-9)
        blurred = functional.avg_pool2d(functional.pad(x, (1, 1, 1, 1), mode="replicate"), 3, 1)
        x = (0.9 * x + 0.1 * blurred).clamp(0, white)
    return x.detach()[0]
