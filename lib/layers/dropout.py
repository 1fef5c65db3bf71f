"""Dropout: switches a random part of the values off while it trains."""

from typing import Annotated, Literal, Self

import torch
from pydantic import Field
from pydantic.dataclasses import dataclass
from torch import Generator, Tensor, nn

from lib.layers.kind import FORBID, Arrival, Device, LayerKind, Planned, Shape


class RunDropout(nn.Module):
    """Dropout that draws from the run's own generator, so that two runs at once cannot disturb each other."""

    def __init__(self, rate: float) -> None:
        super().__init__()
        self.rate = rate
        self.generator: Generator | None = None  # `fit` lends the run's

    def forward(self, x: Tensor) -> Tensor:
        """Zero a random `rate` of the values and scale up the rest, in training only."""
        if not self.training or self.rate == 0.0:
            return x
        keep = torch.empty_like(x).bernoulli_(1.0 - self.rate, generator=self.generator)
        return x * keep / (1.0 - self.rate)


@dataclass(frozen=True, config=FORBID)
class Dropout(LayerKind):
    """Switch a random `rate` of the values off at every training step."""

    rate: Annotated[float, Field(ge=0.0, lt=1.0)] = 0.5
    kind: Literal["dropout"] = Field(default="dropout", kw_only=True, repr=False)

    stem = "dropout"
    link = r"o[0-9.]+(e-[0-9]+)?"
    settings = ({"name": "rate", "named": True},)

    def follow(self, at: Arrival) -> tuple[Shape, int, int]:
        """The same shape."""
        return at.shape, 0, 0

    def module(self, arrives: Shape, device: Device) -> nn.Module:
        """A `RunDropout`."""
        return RunDropout(self.rate)

    def torch_lines(self, step: Planned, said: str, *, lone_pictures: bool) -> list[str]:
        """Nothing new comes out."""
        return [f"{step.name}=RunDropout({self.rate!r}),"]

    def brings(self, *, lone_pictures: bool) -> tuple[type[nn.Module], ...]:
        """The one with a generator of its own."""
        return (RunDropout,)

    def keras_line(self, step: Planned, said: str, *, decays: bool) -> str:
        """Nothing new comes out."""
        return f'layers.Dropout({self.rate!r}, name="{step.name}"),'

    def token(self) -> str:
        """`o0.5`."""
        return f"o{self.rate!r}"

    @classmethod
    def read(cls, number: str, marks: str) -> Self:
        """ValueError for 0..5."""
        return cls(float(number))

    def told(self) -> str:
        """In a report."""
        return f"dropout {self.rate:g}"

    def in_short(self) -> str:
        """Beside other set-ups."""
        return f"dropout {self.rate:g}"
