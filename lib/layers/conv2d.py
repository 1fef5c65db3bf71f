"""Convolution: filters slid over maps."""

import re
from dataclasses import replace
from typing import Annotated, Any, ClassVar, Literal, Self

import torch
from pydantic import Field
from pydantic.dataclasses import dataclass
from torch import Tensor, nn
from torch.nn import functional

from lib.activations import ACTIVATIONS, MARK, Activation, draw_weights, keras_options, of_mark, torch_lines
from lib.layers.kind import (
    FORBID,
    Arrival,
    Caption,
    Device,
    LayerKind,
    Mend,
    Planned,
    Shape,
    ShapeError,
    describe,
    need_maps,
)
from lib.telling import told


class Convolution(nn.Conv2d):
    """A convolution and its activation as one layer: what it returns is what the next layer sees."""

    def __init__(self, layer: Any, arrives: Shape, filters: int, device: Device | None, groups: int = 1) -> None:
        channels, height, width = arrives
        pads = [(0, 0), (0, 0)]
        if layer.padding == "same":
            pads = [same_padding(n, layer.kernel_size, layer.stride) for n in (height, width)]
        even = all(before == after for before, after in pads)
        super().__init__(
            channels,
            filters,
            layer.kernel_size,
            stride=layer.stride,
            padding=(pads[0][0], pads[1][0]) if even else 0,
            groups=groups,
            device=device,
        )
        # Zeros that are not the same on both sides (even kernels, strides) cannot be left to the convolution.
        self.pad = None if even else (*pads[1], *pads[0])
        self.activation = layer.activation
        self.activate = ACTIVATIONS[layer.activation].apply
        self.pools_first = ACTIVATIONS[layer.activation].pools_first

    def forward(self, x: Tensor) -> Tensor:
        """`(N, C, H, W)` -> `(N, filters, H', W')`, after the activation."""
        return self.activate(self.before_activation(x))

    def before_activation(self, x: Tensor) -> Tensor:
        """The weighted sums plus bias alone."""
        return super().forward(x if self.pad is None else functional.pad(x, self.pad))


@dataclass(frozen=True, config=FORBID)
class Conv2d(LayerKind):
    """`filters` windows of `kernel_size` x `kernel_size` slid over the input, then the activation."""

    filters: Annotated[int, Field(ge=1, le=512)]
    kernel_size: Annotated[int, Field(ge=1, le=15)] = 3
    stride: Annotated[int, Field(ge=1, le=8)] = 1
    padding: Literal["same", "valid"] = "same"
    activation: Activation = "relu"
    kind: Literal["conv2d"] = Field(default="conv2d", kw_only=True, repr=False)

    stem = "conv"
    link = rf"c[0-9]+(k[0-9]+)?(s[0-9]+)?v?{MARK}"
    settings = (
        {"name": "filters", "noun": True},
        {"name": "kernel_size", "mirror": True},
        {"name": "padding"},
        {"name": "activation"},
        {"name": "stride", "named": True, "restsAt": 1},
    )
    first_values: ClassVar = {"filters": 16}
    belongs = "among maps"
    convolves = True
    sums = True
    shown = "maps"
    drawn = "conv"

    def follow(self, at: Arrival) -> tuple[Shape, int, int]:
        """Positions of the window, and every one of its weights at each of them."""
        channels, _, _ = need_maps(self, at)
        height, width = slide(self, at)
        weights = self.filters * channels * self.kernel_size**2
        return (self.filters, height, width), weights + self.filters, weights * height * width

    def module(self, arrives: Shape, device: Device) -> nn.Module:
        """A `Convolution`."""
        return Convolution(self, arrives, self.filters, device)

    def draw(self, module: nn.Module, generator: torch.Generator) -> None:
        """As its activation wants it."""
        draw_weights(module, self.activation, generator)

    def torch_lines(self, step: Planned, said: str, *, lone_pictures: bool) -> list[str]:
        """Zeros of its own before it where both sides differ, its activation after it."""
        pad, options = torch_padding(self, step)
        before = [f"{step.name}_pad=nn.ZeroPad2d({pad}),"] if pad else []
        made = f"{step.name}=nn.Conv2d({step.input_shape[0]}, {self.filters}, {options}),{said}"
        return [*before, made, *torch_lines(step.name, self.activation)]

    def keras_line(self, step: Planned, said: str, *, decays: bool) -> str:
        """One line."""
        stride = f"strides={self.stride}, " if self.stride > 1 else ""
        options = f'{stride}padding="{self.padding}", {keras_options(self.activation)}{"**decay, " if decays else ""}'
        return f'layers.Conv2D({self.filters}, {self.kernel_size}, {options}name="{step.name}"),{said}'

    def token(self) -> str:
        """`c8k3`."""
        stride = f"s{self.stride}" if self.stride > 1 else ""
        padding = "v" if self.padding == "valid" else ""
        return f"c{self.filters}k{self.kernel_size}{stride}{padding}{ACTIVATIONS[self.activation].mark}"

    @classmethod
    def read(cls, number: str, marks: str) -> Self:
        """Also without its kernel."""
        return cls(int(number), *read_window(marks), of_mark(marks))

    def told(self) -> str:
        """In a report."""
        stride = f", stride {self.stride}" if self.stride > 1 else ""
        size = f"{self.kernel_size}×{self.kernel_size}"
        return f"{self.filters} filters {size}, {self.padding}{stride}, {ACTIVATIONS[self.activation].said}"

    def in_short(self) -> str:
        """What is usual goes without saying."""
        return " ".join([f"conv {self.filters}@{self.kernel_size}×{self.kernel_size}", *more_in_short(self)])

    def briefly(self) -> str:
        """With its filters."""
        return f"conv {self.filters}"

    def caption(self, comes_out: Shape) -> Caption:
        """Over its maps."""
        size = f"{self.kernel_size}×{self.kernel_size}"
        return Caption("filters", {"count": self.filters, "size": size}, self.activation, comes_out[1:])


def same_padding(size: int, kernel_size: int, stride: int) -> tuple[int, int]:
    """Zeros before and after one axis so that its output has ceil(size / stride) values (TensorFlow's rule)."""
    total = max((-(-size // stride) - 1) * stride + kernel_size - size, 0)
    return total // 2, total - total // 2


def slide(layer: Any, at: Arrival) -> tuple[int, int]:
    """How many positions the window has, down and across. Raises ShapeError."""
    height, width = at.shape[1:]
    if layer.padding == "same":
        return -(-height // layer.stride), -(-width // layer.stride)
    if layer.kernel_size > min(height, width):
        raise ShapeError(
            at.index,
            f"{at.name} slides a {layer.kernel_size}×{layer.kernel_size} window, but only {describe(at.shape)} "
            "arrives: the window does not fit inside.",
            Mend(
                'Pad with zeros ("same")',
                at.with_layer(replace(layer, padding="same")),
                told("refused.mend_same"),
            ),
            told("refused.window", layer=at.name, size=layer.kernel_size, arrives=describe(at.shape)),
        )
    return (height - layer.kernel_size) // layer.stride + 1, (width - layer.kernel_size) // layer.stride + 1


def torch_padding(layer: Any, step: Planned) -> tuple[str, str]:
    """Zeros to add beforehand (left, right, top, bottom) where both sides differ, and the options of `nn.Conv2d`."""
    options = f"kernel_size={layer.kernel_size}" + (f", stride={layer.stride}" if layer.stride > 1 else "")
    if layer.padding == "valid":
        return "", options
    _, height, width = step.input_shape
    (top, bottom), (left, right) = (same_padding(n, layer.kernel_size, layer.stride) for n in (height, width))
    if (top, left) != (bottom, right):
        return f"({left}, {right}, {top}, {bottom})", options
    padding = f"{top}" if top == left else f"({top}, {left})"
    return "", options + (f", padding={padding}" if top or left else "")


def read_window(marks: str) -> tuple[int, int, Literal["same", "valid"]]:
    """The kernel, the stride and the padding that a link names."""
    sizes = {letter: int(number) for letter, number in re.findall(r"([ks])([0-9]+)", marks)}
    return sizes.get("k", 3), sizes.get("s", 1), "valid" if "v" in marks else "same"


def more_in_short(layer: Any) -> list[str]:
    """What is not usual about a sliding window."""
    stride, padding = layer.stride > 1, layer.padding == "valid"
    kind = ACTIVATIONS[layer.activation]
    return [f"stride {layer.stride}"] * stride + ["no padding"] * padding + [kind.said] * bool(kind.mark)
