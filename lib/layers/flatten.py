"""Flatten: maps as one row of numbers."""

from math import prod
from typing import Literal, Self

from pydantic import Field
from pydantic.dataclasses import dataclass
from torch import nn

from lib.layers.kind import FORBID, Arrival, Caption, Device, LayerKind, Planned, Shape


@dataclass(frozen=True, config=FORBID)
class Flatten(LayerKind):
    """Lay all feature maps out as one row of numbers."""

    kind: Literal["flatten"] = Field(default="flatten", kw_only=True, repr=False)

    stem = "flatten"
    link = "f"
    belongs = "among maps"
    ends_maps = True
    shown = "row"
    drawn = "flatten"

    def follow(self, at: Arrival) -> tuple[Shape, int, int]:
        """The same numbers in one row."""
        return (prod(at.shape),), 0, 0

    def module(self, arrives: Shape, device: Device) -> nn.Module:
        """torch's."""
        return nn.Flatten()

    def torch_lines(self, step: Planned, said: str, *, lone_pictures: bool) -> list[str]:
        """One line."""
        return [f"{step.name}=nn.Flatten(),{said}"]

    def keras_line(self, step: Planned, said: str, *, decays: bool) -> str:
        """One line."""
        return f'layers.Flatten(name="{step.name}"),{said}'

    def token(self) -> str:
        """`f`."""
        return "f"

    @classmethod
    def read(cls, number: str, marks: str) -> Self:
        """It has no settings."""
        return cls()

    def told(self) -> str:
        """In a report."""
        return "one row of numbers"

    def in_short(self) -> str:
        """Beside other set-ups."""
        return "flatten"

    def caption(self, comes_out: Shape) -> Caption:
        """Over its row."""
        return Caption("numbers", {"count": comes_out[0]})
