"""Depthwise convolution: every map has one filter of its own."""

from typing import Annotated, Literal, Self

import torch
from pydantic import Field
from pydantic.dataclasses import dataclass
from torch import nn

from lib.activations import ACTIVATIONS, MARK, Activation, draw_weights, of_mark, torch_lines
from lib.layers.conv2d import Convolution, more_in_short, read_window, slide, torch_padding
from lib.layers.kind import FORBID, Arrival, Caption, Device, LayerKind, Planned, Shape, need_maps


@dataclass(frozen=True, config=FORBID)
class DepthwiseConv2d(LayerKind):
    """One window of `kernel_size` x `kernel_size` for each map, slid over that map alone, then the activation.

    (Sifre & Mallat 2014; Howard et al. 2017.) It mixes no maps: a convolution of 1 x 1 after it does.
    """

    kernel_size: Annotated[int, Field(ge=1, le=15)] = 3
    stride: Annotated[int, Field(ge=1, le=8)] = 1
    padding: Literal["same", "valid"] = "same"
    activation: Activation = "relu"
    kind: Literal["depthwise_conv2d"] = Field(default="depthwise_conv2d", kw_only=True, repr=False)

    stem = "conv"
    link = rf"w[0-9]+(s[0-9]+)?v?{MARK}"
    settings = (
        {"name": "kernel_size", "mirror": True},
        {"name": "padding"},
        {"name": "activation"},
        {"name": "stride", "named": True, "restsAt": 1},
    )
    belongs = "among maps"
    convolves = True
    sums = True
    shown = "maps"
    drawn = "conv"

    def follow(self, at: Arrival) -> tuple[Shape, int, int]:
        """As many maps as arrive, and each filter's weights at every position."""
        channels, _, _ = need_maps(self, at)
        height, width = slide(self, at)
        weights = channels * self.kernel_size**2
        return (channels, height, width), weights + channels, weights * height * width

    def module(self, arrives: Shape, device: Device) -> nn.Module:
        """A `Convolution` in as many groups as there are maps."""
        return Convolution(self, arrives, arrives[0], device, groups=arrives[0])

    def draw(self, module: nn.Module, generator: torch.Generator) -> None:
        """As its activation wants it."""
        draw_weights(module, self.activation, generator)

    def torch_lines(self, step: Planned, said: str, *, lone_pictures: bool) -> list[str]:
        """Like a convolution's, in groups."""
        pad, options = torch_padding(self, step)
        before = [f"{step.name}_pad=nn.ZeroPad2d({pad}),"] if pad else []
        maps = step.input_shape[0]
        made = f"{step.name}=nn.Conv2d({maps}, {maps}, {options}, groups={maps}),{said}"
        return [*before, made, *torch_lines(step.name, self.activation)]

    def keras_line(self, step: Planned, said: str, *, decays: bool) -> str:
        """Keras calls its weights otherwise, and counts all maps among the inputs of each: that is made up for."""
        kind, maps = ACTIVATIONS[self.activation], step.input_shape[0]
        stride = f"strides={self.stride}, " if self.stride > 1 else ""
        bend = f"activation={kind.keras_code}, " if kind.bends else ""
        first = f"depthwise_initializer=keras.initializers.VarianceScaling({2 * maps}), "
        decay = "depthwise_regularizer=l2, bias_regularizer=l2, " if decays else ""
        options = f'{stride}padding="{self.padding}", {bend}{first if kind.first_weights == "he" else ""}{decay}'
        return f'layers.DepthwiseConv2D({self.kernel_size}, {options}name="{step.name}"),{said}'

    def token(self) -> str:
        """`w3`."""
        stride = f"s{self.stride}" if self.stride > 1 else ""
        padding = "v" if self.padding == "valid" else ""
        return f"w{self.kernel_size}{stride}{padding}{ACTIVATIONS[self.activation].mark}"

    @classmethod
    def read(cls, number: str, marks: str) -> Self:
        """The number is the kernel's side."""
        _, stride, padding = read_window(marks)
        return cls(int(number), stride, padding, of_mark(marks))

    def told(self) -> str:
        """In a report."""
        stride = f", stride {self.stride}" if self.stride > 1 else ""
        size = f"{self.kernel_size}×{self.kernel_size}"
        return f"one filter {size} for each map, {self.padding}{stride}, {ACTIVATIONS[self.activation].said}"

    def in_short(self) -> str:
        """What is usual goes without saying."""
        return " ".join([f"depthwise {self.kernel_size}×{self.kernel_size}", *more_in_short(self)])

    def caption(self, comes_out: Shape) -> Caption:
        """Over its maps."""
        size = f"{self.kernel_size}×{self.kernel_size}"
        return Caption("one_filter_a_map", {"size": size}, self.activation, comes_out[1:])
