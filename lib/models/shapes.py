"""What every layer makes of its input: names, shapes and costs, and why some lists cannot work.

Pure arithmetic on the configuration; the only place that knows these rules. `build_model` builds from the plan made
here, so what the page shows and what is trained cannot disagree.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import prod
from typing import Any

from lib.config import (
    MAX_LAYERS,
    AvgPool2d,
    BatchNorm,
    Conv2d,
    Dense,
    Dropout,
    Flatten,
    GlobalAvgPool2d,
    Layer,
    MaxPool2d,
    ModelConfig,
)

Shape = tuple[int, ...]

_NAMES: dict[str, str] = {
    "conv2d": "conv",
    "dense": "dense",
    "max_pool2d": "pool",
    "avg_pool2d": "pool",
    "global_avg_pool2d": "pool",
    "flatten": "flatten",
    "dropout": "dropout",
    "batch_norm": "norm",
}


@dataclass(frozen=True, slots=True)
class Mend:
    """A change that makes a broken layer list work: what the button says, and the layers it gives."""

    label: str
    layers: tuple[Any, ...]


class ShapeError(ValueError):
    """A layer cannot work on what arrives at it. `layer_index` may be one past the end: the implied class layer."""

    def __init__(self, layer_index: int, reason: str, mend: Mend | None = None) -> None:
        super().__init__(reason)
        self.layer_index = layer_index
        self.reason = reason
        self.mend = mend
        self.reached: list[Planned] = []  # the layers before the one that cannot work


@dataclass(frozen=True, slots=True)
class Planned:
    """One layer in its place. Shapes are without the batch: `(C, H, W)` for maps, `(N,)` for a row of numbers."""

    name: str
    layer: Layer
    input_shape: Shape
    output_shape: Shape
    parameters: int
    multiply_adds: int  # per image


def plan(model: ModelConfig, input_shape: Shape, classes: int) -> list[Planned]:
    """Follow `input_shape` `(C, H, W)` through every layer; the class layer comes last. Raises ShapeError."""
    planned: list[Planned] = []
    counts: dict[str, int] = {}
    shape = tuple(input_shape)
    for index, layer in enumerate((*model.layers, Dense(units=classes, activation="linear"))):
        name = _NAMES[layer.kind]
        counts[name] = counts.get(name, 0) + 1
        name = f"{name}{counts[name]}"
        try:
            step = _follow(index, name, layer, shape, model.layers)
        except ShapeError as error:
            error.reached = planned
            raise
        planned.append(step)
        shape = step.output_shape
    return planned


def describe(shape: Shape) -> str:
    """`(8, 28, 28)` -> "8×28×28", `(490,)` -> "490"."""
    return "×".join(f"{n}" for n in shape)


def same_padding(size: int, kernel_size: int, stride: int) -> tuple[int, int]:
    """Zeros before and after one axis so that its output has ceil(size / stride) values (TensorFlow's rule)."""
    total = max((-(-size // stride) - 1) * stride + kernel_size - size, 0)
    return total // 2, total - total // 2


def _follow(index: int, name: str, layer: Layer, shape: Shape, layers: Sequence[Layer]) -> Planned:
    match layer:
        case Conv2d():
            _need_maps(index, name, layer, shape, layers)
            return _conv(index, name, layer, shape, layers)
        case MaxPool2d() | AvgPool2d():
            _need_maps(index, name, layer, shape, layers)
            return _pool(index, name, layer, shape, layers)
        case GlobalAvgPool2d():
            _need_maps(index, name, layer, shape, layers)
            return Planned(name, layer, shape, shape[:1], 0, 0)
        case Flatten():
            return Planned(name, layer, shape, (prod(shape),), 0, 0)
        case Dropout():
            return Planned(name, layer, shape, shape, 0, 0)
        case BatchNorm():
            return Planned(name, layer, shape, shape, 2 * shape[0], prod(shape))
        case Dense():
            _need_row(index, name, shape, layers)
            weights = shape[0] * layer.units
            return Planned(name, layer, shape, (layer.units,), weights + layer.units, weights)
        case _:
            raise TypeError(f"unknown layer {layer!r}")


def _conv(index: int, name: str, layer: Conv2d, shape: Shape, layers: Sequence[Layer]) -> Planned:
    channels, height, width = shape
    if layer.padding == "valid" and layer.kernel_size > min(height, width):
        raise ShapeError(
            index,
            f"{name} slides a {layer.kernel_size}×{layer.kernel_size} window, but only {describe(shape)} arrives: "
            "the window does not fit inside.",
            Mend('Pad with zeros ("same")', _changed(layers, index, replace(layer, padding="same"))),
        )
    sides = [_slide(n, layer) for n in (height, width)]
    weights = layer.filters * channels * layer.kernel_size**2
    positions = sides[0] * sides[1]
    return Planned(
        name, layer, shape, (layer.filters, sides[0], sides[1]), weights + layer.filters, weights * positions
    )


def _slide(size: int, layer: Conv2d) -> int:
    if layer.padding == "same":
        return -(-size // layer.stride)
    return (size - layer.kernel_size) // layer.stride + 1


def _pool(index: int, name: str, layer: MaxPool2d | AvgPool2d, shape: Shape, layers: Sequence[Layer]) -> Planned:
    channels, height, width = shape
    if layer.size > min(height, width):
        raise ShapeError(
            index,
            f"{name} takes {layer.size}×{layer.size} blocks, but only {describe(shape)} arrives: "
            "there is nothing left to pool.",
            Mend("Remove this pooling", _changed(layers, index, None)),
        )
    return Planned(name, layer, shape, (channels, height // layer.size, width // layer.size), 0, 0)


def _need_maps(index: int, name: str, layer: Layer, shape: Shape, layers: Sequence[Layer]) -> None:
    """Maps cannot come back once they are a row of numbers: the mend moves the layer before what flattened them."""
    if len(shape) == 3:
        return
    flattener = next(i for i, earlier in enumerate(layers) if isinstance(earlier, Flatten | GlobalAvgPool2d | Dense))
    moved = (*layers[:flattener], layer, *layers[flattener:index], *layers[index + 1 :])
    mend = Mend(f"Move it before {_NAMES[layers[flattener].kind]}", moved)
    if isinstance(layer, GlobalAvgPool2d) and isinstance(layers[flattener], GlobalAvgPool2d):
        mend = Mend("Remove this pooling", _changed(layers, index, None))  # moved, it would only change places
    numbers = "1 number" if shape[0] == 1 else f"{shape[0]:,} numbers"
    raise ShapeError(index, f"{name} needs feature maps (channels×height×width), but a row of {numbers} arrives.", mend)


def _need_row(index: int, name: str, shape: Shape, layers: Sequence[Layer]) -> None:
    if len(shape) == 1:
        return
    what = name if index < len(layers) else "the class layer"
    mend = Mend("Add Flatten", (*layers[:index], Flatten(), *layers[index:]))
    if len(layers) == MAX_LAYERS:  # no room for one more
        place = max(index - 1, 0)
        mend = Mend(f"Put Flatten in place of layer {place + 1}", _changed(layers, place, Flatten()))
    raise ShapeError(index, f"{what} needs one row of numbers, but feature maps ({describe(shape)}) arrive.", mend)


def _changed(layers: Sequence[Layer], index: int, layer: Layer | None) -> tuple[Layer, ...]:
    return (*layers[:index], *([] if layer is None else [layer]), *layers[index + 1 :])
