"""Global average pooling: one mean per map."""

from typing import Literal, Self

from pydantic import Field
from pydantic.dataclasses import dataclass
from torch import Tensor, nn

from lib.layers.kind import FORBID, Arrival, Caption, Device, LayerKind, Planned, Shape, need_maps


class GlobalAverage(nn.Module):
    """`(N, C, H, W)` -> `(N, C)`: the mean of each feature map."""

    def forward(self, x: Tensor) -> Tensor:
        """Average over height and width."""
        return x.mean(dim=(2, 3))


@dataclass(frozen=True, config=FORBID)
class GlobalAvgPool2d(LayerKind):
    """Keep one mean per feature map: `(C, H, W)` becomes `C` numbers."""

    kind: Literal["global_avg_pool2d"] = Field(default="global_avg_pool2d", kw_only=True, repr=False)

    stem = "pool"
    link = "g"
    belongs = "among maps"
    ends_maps = True
    shown = "row"
    drawn = "mean"

    def follow(self, at: Arrival) -> tuple[Shape, int, int]:
        """One number a map."""
        channels, _, _ = need_maps(self, at)
        return (channels,), 0, 0

    def module(self, arrives: Shape, device: Device) -> nn.Module:
        """A `GlobalAverage`."""
        return GlobalAverage()

    def torch_lines(self, step: Planned, said: str, *, lone_pictures: bool) -> list[str]:
        """One line."""
        return [f"{step.name}=GlobalAverage(),{said}"]

    def brings(self, *, lone_pictures: bool) -> tuple[type[nn.Module], ...]:
        """The mean of each map."""
        return (GlobalAverage,)

    def keras_line(self, step: Planned, said: str, *, decays: bool) -> str:
        """One line."""
        return f'layers.GlobalAveragePooling2D(name="{step.name}"),{said}'

    def token(self) -> str:
        """`g`."""
        return "g"

    @classmethod
    def read(cls, number: str, marks: str) -> Self:
        """It has no settings."""
        return cls()

    def told(self) -> str:
        """In a report."""
        return "mean of each map"

    def in_short(self) -> str:
        """Beside other set-ups."""
        return "global average"

    def briefly(self) -> str:
        """Of all pixels."""
        return "global pool"

    def caption(self, comes_out: Shape) -> Caption:
        """Over its row."""
        return Caption("mean_of_each_map", comes_out=comes_out[:1])
