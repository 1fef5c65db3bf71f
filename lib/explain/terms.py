"""How one number of a layer is made: the very inputs, weights and sums, as plain arrays."""

from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from lib.explain.activations import record_activations
from lib.models.build import Convolution, FullyConnected, GlobalAverage

Array = NDArray[Any]
_MOST_EXPONENT = 300.0  # e to this still has room for a sum; beyond it the largest logit is taken off first


class Place(NamedTuple):
    """One pixel of a stack of maps; all three count from 0."""

    map: int
    row: int
    column: int


@dataclass(frozen=True)
class Stack:
    """The maps that a row of numbers was laid out from: `shape` `(C, H, W)`, and the layer that made them."""

    shape: tuple[int, int, int]
    layer: str | None  # None: the picture itself

    def place(self, position: int) -> Place:
        """Where a position of the row, from 0, lies in the maps."""
        _, height, width = self.shape
        return Place(position // (height * width), position // width % height, position % width)


@dataclass(frozen=True)
class ConvolutionSum:
    """One map of a convolution: `before` = sums of windows of `source` × `weights`, + bias; `after` = activation of it.

    source `(C, H, W)`, of a convolution in groups those of its own from `first` on; weights `(C, k, k)`; padding zeros
    (top, bottom, left, right); before, after `(H', W')`.
    """

    source: Array
    source_layer: str | None
    weights: Array
    bias: float
    stride: int
    padding: tuple[int, int, int, int]
    activation: str
    before: Array
    after: Array
    first: int = 0
    kind: Literal["convolution"] = "convolution"


@dataclass(frozen=True)
class PoolingWindow:
    """One map of a pooling layer, and what the other kind of pooling would have kept.

    source `(H, W)`; size (rows, columns) of a window, which is also its stride; maximum, average `(H', W')`; dropped
    (rows, columns) at the end of the source that fill no window.
    """

    source: Array
    source_layer: str | None
    size: tuple[int, int]
    keeps: Literal["max", "average"]
    maximum: Array
    average: Array
    dropped: tuple[int, int]
    kind: Literal["pooling"] = "pooling"


@dataclass(frozen=True)
class FlattenedRow:
    """The maps laid out as one row of numbers: `values` `(N,)`, and the stack they come from."""

    values: Array
    stack: Stack
    kind: Literal["flatten"] = "flatten"


@dataclass(frozen=True)
class Softmax:
    """From logits to probabilities: `exponentials = e^(logits - shift)`, divided by their sum. All `(classes,)`."""

    logits: Array
    shift: float  # 0 unless e^logit would be too large a number
    exponentials: Array
    probabilities: Array


@dataclass(frozen=True)
class WeightedSum:
    """One unit of a dense layer: `after = activation(inputs · weights + bias)`; inputs and weights `(N,)`.

    `stack` says which maps the inputs were laid out from; `softmax` is there for the class layer.
    """

    inputs: Array
    source_layer: str | None
    weights: Array
    bias: float
    activation: str
    before: float
    after: float
    stack: Stack | None
    softmax: Softmax | None = None
    kind: Literal["dense"] = "dense"

    @property
    def products(self) -> Array:
        """Every input times its weight, `(N,)`."""
        product: Array = self.inputs * self.weights
        return product

    def largest(self, most: int) -> list[int]:
        """Positions of the products that count most, whatever their sign, the largest first."""
        return [int(i) for i in np.argsort(-np.abs(self.products), kind="stable")[:most]]


Arithmetic = ConvolutionSum | PoolingWindow | FlattenedRow | WeightedSum


def arithmetic(model: nn.Sequential, x: Tensor, layer: str, index: int) -> Arithmetic:
    """Say how map or unit `index` (from 0) of `layer` is made when picture `x` `(1, C, H, W)` goes through.

    Raises KeyError for an unknown layer, IndexError if it has no such map or unit, TypeError for a layer that only
    passes on or scales what it gets.
    """
    names = [name for name, _ in model.named_children()]
    if layer not in names:
        raise KeyError(f"There is no layer “{layer}”; there are {', '.join(names)}.")
    earlier = names[: names.index(layer)]
    kept = record_activations(model, x)
    source, result = kept[earlier[-1]] if earlier else x.reshape(x.shape[-3:]), kept[layer]
    if not 0 <= index < len(result):
        raise IndexError(f"{layer} has {len(result)} numbers or maps, not {index + 1}.")
    module, made_by = model.get_submodule(layer), _maker(model, earlier)
    with torch.no_grad():
        match module:
            case Convolution():
                return _convolution(module, source, made_by, result[index], index)
            case nn.MaxPool2d() | nn.AvgPool2d() | GlobalAverage():
                return _pooling(module, source[index], made_by)
            case nn.Flatten():
                channels, height, width = source.shape
                return FlattenedRow(result.numpy(), Stack((channels, height, width), made_by))
            case FullyConnected():
                stack = _stack(model, earlier, {name: tuple(value.shape) for name, value in kept.items()}, x)
                softmax = _softmax(result) if layer == names[-1] else None
                return _weighted_sum(module, source, made_by, index, stack, softmax)
            case _:
                raise TypeError(f"{layer} has no windows and no sums of its own.")


def _maker(model: nn.Sequential, earlier: list[str]) -> str | None:
    """The layer whose numbers arrive; dropout only passes them on when nobody trains."""
    modules = dict(model.named_children())
    made = [name for name in earlier if not type(modules[name]).__name__.endswith("Dropout")]
    return made[-1] if made else None


def _convolution(module: Convolution, source: Tensor, made_by: str | None, after: Tensor, index: int) -> ConvolutionSum:
    assert module.bias is not None
    if module.pad is None:
        vertical, horizontal = (int(side) for side in module.padding)
        padding = (vertical, vertical, horizontal, horizontal)
    else:
        left, right, top, bottom = module.pad
        padding = (top, bottom, left, right)
    each = module.in_channels // module.groups
    first = each * (index // (module.out_channels // module.groups))
    return ConvolutionSum(
        source=source[first : first + each].numpy(),
        source_layer=made_by,
        weights=module.weight[index].numpy().copy(),
        bias=float(module.bias[index]),
        stride=module.stride[0],
        padding=padding,
        activation=module.activation,
        before=module.before_activation(source[None])[0, index].numpy(),
        after=after.numpy(),
        first=first,
    )


def _pooling(module: nn.Module, source: Tensor, made_by: str | None) -> PoolingWindow:
    height, width = source.shape
    if isinstance(module, nn.MaxPool2d | nn.AvgPool2d):
        side = module.kernel_size
        assert isinstance(side, int)
        size = (side, side)
    else:
        size = (height, width)
    return PoolingWindow(
        source=source.numpy(),
        source_layer=made_by,
        size=size,
        keeps="max" if isinstance(module, nn.MaxPool2d) else "average",
        maximum=functional.max_pool2d(source[None], size)[0].numpy(),
        average=functional.avg_pool2d(source[None], size)[0].numpy(),
        dropped=(height % size[0], width % size[1]),
    )


def _weighted_sum(
    module: FullyConnected,
    source: Tensor,
    made_by: str | None,
    index: int,
    stack: Stack | None,
    softmax: Softmax | None,
) -> WeightedSum:
    before = functional.linear(source, module.weight, module.bias)[index]
    return WeightedSum(
        inputs=source.numpy(),
        source_layer=made_by,
        weights=module.weight[index].numpy().copy(),
        bias=float(module.bias[index]),
        activation=module.activation,
        before=float(before),
        after=float(module(source[None])[0, index]),
        stack=stack,
        softmax=softmax,
    )


def _stack(model: nn.Sequential, earlier: list[str], shapes: dict[str, tuple[int, ...]], x: Tensor) -> Stack | None:
    """The maps behind the row that arrives after the layers `earlier`, unless a dense layer mixed them."""
    for place in reversed(range(len(earlier))):
        match model.get_submodule(earlier[place]):
            case FullyConnected():
                return None
            case nn.Flatten():
                channels, height, width = shapes[earlier[place - 1]] if place else x.shape[-3:]
                return Stack((channels, height, width), _maker(model, earlier[:place]))
            case GlobalAverage():
                return Stack((shapes[earlier[place]][0], 1, 1), earlier[place])
    return None


def _softmax(logits: Tensor) -> Softmax:
    values = logits.double()
    largest = float(values.max())
    shift = largest if abs(largest) > _MOST_EXPONENT else 0.0
    exponentials = (values - shift).exp()
    return Softmax(values.numpy(), shift, exponentials.numpy(), (exponentials / exponentials.sum()).numpy())
