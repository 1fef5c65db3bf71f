"""Dense: every input to each unit."""

from typing import Annotated, ClassVar, Literal, Self

import torch
from pydantic import Field
from pydantic.dataclasses import dataclass
from torch import Tensor, nn

from lib.activations import ACTIVATIONS, MARK, Activation, draw_weights, keras_options, of_mark, torch_lines
from lib.layers.flatten import Flatten
from lib.layers.kind import (
    FORBID,
    MAX_LAYERS,
    Arrival,
    Caption,
    Device,
    LayerKind,
    Mend,
    Planned,
    Shape,
    ShapeError,
    describe,
)
from lib.telling import told


class FullyConnected(nn.Linear):
    """A dense layer and its activation."""

    def __init__(self, inputs: int, layer: "Dense", device: Device | None) -> None:
        super().__init__(inputs, layer.units, device=device)
        self.activation = layer.activation
        self.activate = ACTIVATIONS[layer.activation].apply

    def forward(self, x: Tensor) -> Tensor:
        """`(N, inputs)` -> `(N, units)`, after the activation."""
        return self.activate(super().forward(x))


@dataclass(frozen=True, config=FORBID)
class Dense(LayerKind):
    """`units` neurons, each connected to every input, then the activation."""

    units: Annotated[int, Field(ge=1, le=4096)]
    activation: Activation = "relu"
    kind: Literal["dense"] = Field(default="dense", kw_only=True, repr=False)

    stem = "dense"
    link = rf"d[0-9]+{MARK}"
    settings = ({"name": "units", "noun": True}, {"name": "activation"})
    first_values: ClassVar = {"units": 32}
    belongs = "last"
    ends_maps = True
    sums = True
    shown = "row"
    drawn = "dense"

    def follow(self, at: Arrival) -> tuple[Shape, int, int]:
        """Every weight once."""
        if len(at.shape) > 1:
            raise _maps_arrive(at)
        weights = at.shape[0] * self.units
        return (self.units,), weights + self.units, weights

    def module(self, arrives: Shape, device: Device) -> nn.Module:
        """A `FullyConnected`."""
        return FullyConnected(arrives[0], self, device)

    def draw(self, module: nn.Module, generator: torch.Generator) -> None:
        """As its activation wants it."""
        draw_weights(module, self.activation, generator)

    def torch_lines(self, step: Planned, said: str, *, lone_pictures: bool) -> list[str]:
        """Its activation after it."""
        made = f"{step.name}=nn.Linear({step.input_shape[0]}, {self.units}),{said}"
        return [made, *torch_lines(step.name, self.activation)]

    def keras_line(self, step: Planned, said: str, *, decays: bool) -> str:
        """One line."""
        options = f'{keras_options(self.activation)}{"**decay, " if decays else ""}name="{step.name}"'
        return f"layers.Dense({self.units}, {options}),{said}"

    def token(self) -> str:
        """`d32`."""
        return f"d{self.units}{ACTIVATIONS[self.activation].mark}"

    @classmethod
    def read(cls, number: str, marks: str) -> Self:
        """With its activation."""
        return cls(int(number), of_mark(marks))

    def told(self) -> str:
        """In a report."""
        return f"{self.units} units, {ACTIVATIONS[self.activation].said}"

    def in_short(self) -> str:
        """ReLU goes without saying."""
        kind = ACTIVATIONS[self.activation]
        return " ".join([f"dense {self.units:,}", *([kind.said] if kind.mark else [])])

    def briefly(self) -> str:
        """With its units."""
        return f"dense {self.units}"

    def caption(self, comes_out: Shape) -> Caption:
        """Over its row."""
        return Caption("units", {"count": self.units}, self.activation)


def _maps_arrive(at: Arrival) -> ShapeError:
    what = at.name if at.index < len(at.layers) else "the class layer"
    named = at.name if at.index < len(at.layers) else told("refused.the_class_layer")
    added = (*at.layers[: at.index], Flatten(), *at.layers[at.index :])
    mend = Mend("Add Flatten", added, told("refused.mend_flatten"))
    if len(at.layers) == MAX_LAYERS:  # no room for one more
        place = max(at.index - 1, 0)
        instead = (*at.layers[:place], Flatten(), *at.layers[place + 1 :])
        label = f"Put Flatten in place of layer {place + 1}"
        mend = Mend(label, instead, told("refused.mend_put_flatten", place=place + 1))
    reason = f"{what} needs one row of numbers, but feature maps ({describe(at.shape)}) arrive."
    said = told("refused.needs_a_row", layer=named, arrives=describe(at.shape))
    return ShapeError(at.index, reason, mend, said)
