"""Pooling: the mean of every block."""

from typing import Annotated, Literal, Self

from pydantic import Field
from pydantic.dataclasses import dataclass
from torch import nn

from lib.layers.kind import FORBID, Arrival, Caption, Device, LayerKind, Planned, Shape
from lib.layers.pooling import pooled


@dataclass(frozen=True, config=FORBID)
class AvgPool2d(LayerKind):
    """Keep the mean of every `size` x `size` block; an incomplete last row or column is dropped."""

    size: Annotated[int, Field(ge=2, le=16)] = 2
    kind: Literal["avg_pool2d"] = Field(default="avg_pool2d", kw_only=True, repr=False)

    stem = "pool"
    link = "a[0-9]*"
    settings = ({"name": "size", "mirror": True},)
    belongs = "among maps"
    shown = "maps"
    drawn = "pool"

    def follow(self, at: Arrival) -> tuple[Shape, int, int]:
        """One number a block."""
        return pooled(self, at), 0, 0

    def module(self, arrives: Shape, device: Device) -> nn.Module:
        """torch's."""
        return nn.AvgPool2d(self.size)

    def torch_lines(self, step: Planned, said: str, *, lone_pictures: bool) -> list[str]:
        """One line."""
        return [f"{step.name}=nn.AvgPool2d({self.size}),{said}"]

    def keras_line(self, step: Planned, said: str, *, decays: bool) -> str:
        """One line."""
        return f'layers.AveragePooling2D({self.size}, name="{step.name}"),{said}'

    def token(self) -> str:
        """`a2`."""
        return f"a{self.size}"

    @classmethod
    def read(cls, number: str, marks: str) -> Self:
        """Also without its size."""
        return cls(int(number or 2))

    def told(self) -> str:
        """In a report."""
        return f"mean of {self.size}×{self.size}"

    def in_short(self) -> str:
        """Beside other set-ups."""
        return f"average pool {self.size}"

    def caption(self, comes_out: Shape) -> Caption:
        """Over its maps."""
        return Caption("mean_of", {"size": f"{self.size}×{self.size}"}, comes_out=comes_out[1:])
