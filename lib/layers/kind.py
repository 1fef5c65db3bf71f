"""What every kind of layer answers, and what it says when it cannot work on what arrives."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal, Self

import torch
from pydantic import ConfigDict
from torch import nn

from lib.telling import Refusal, Told, told

Shape = tuple[int, ...]  # without the batch: `(C, H, W)` for maps, `(N,)` for a row of numbers
Device = torch.device | str

MAX_LAYERS = 24
FORBID = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True)
class Mend:
    """A change that makes a broken layer list work: what the button says, and the layers it gives."""

    label: str
    layers: tuple[Any, ...]
    told: Told  # the label, for the interface


class ShapeError(Refusal):
    """A layer cannot work on what arrives at it. `layer_index` may be one past the end: the implied class layer."""

    def __init__(self, layer_index: int, reason: str, mend: Mend | None = None, told: Told | None = None) -> None:
        super().__init__(reason, told)
        self.layer_index = layer_index
        self.reason = reason
        self.mend = mend
        self.reached: list[Planned] = []  # the layers before the one that cannot work


@dataclass(frozen=True, slots=True)
class Arrival:
    """What arrives at a layer, and where that is."""

    index: int
    name: str
    shape: Shape
    layers: Sequence["LayerKind"]  # all hidden ones; the class layer comes after them

    def with_layer(self, layer: "LayerKind | None") -> tuple["LayerKind", ...]:
        """The list with another layer here, or with none."""
        return (*self.layers[: self.index], *([] if layer is None else [layer]), *self.layers[self.index + 1 :])


@dataclass(frozen=True, slots=True)
class Caption:
    """What stands over a layer's pictures: a code and its values, which the interface has a sentence for."""

    code: str
    values: Mapping[str, Any] = field(default_factory=dict)
    activation: str | None = None
    comes_out: Shape = ()  # what comes out of it, where that does not go without saying


@dataclass(frozen=True, slots=True)
class Planned:
    """One layer in its place."""

    name: str
    layer: "LayerKind"
    input_shape: Shape
    output_shape: Shape
    parameters: int
    multiply_adds: int  # per image


class LayerKind:
    """One kind of layer: a frozen record of its settings, and everything that is known of the kind.

    A new kind is a module beside this one, and its place in `LAYERS`.
    """

    kind: str  # its name in set-ups and files

    stem: ClassVar[str]  # of its names in a net: "conv" for conv1, conv2, ...
    link: ClassVar[str]  # what it looks like in links, as a pattern that begins with a letter of its own
    settings: ClassVar[
        tuple[Mapping[str, Any], ...]
    ] = ()  # its fields in the editor, in reading order; see kinds.js there. What they are called stands in its words
    first_values: ClassVar[Mapping[str, Any]] = {}  # of fields that have no default
    belongs: ClassVar[Literal["among maps", "after maps", "last", "anywhere"]] = "anywhere"  # where the editor puts it
    ends_maps: ClassVar[bool] = False  # what comes out is a row of numbers
    convolves: ClassVar[bool] = False  # it has filters that slide over maps
    sums: ClassVar[bool] = False  # it spends its time on sums of products
    shown: ClassVar[Literal["maps", "row", ""]] = ""  # what there is to look at in Look inside
    drawn: ClassVar[str] = ""  # ... and how

    @property
    def bend(self) -> str | None:
        """The name of its activation, if it has one."""
        return getattr(self, "activation", None)

    def follow(self, at: Arrival) -> tuple[Shape, int, int]:
        """What comes out, how many parameters that takes, and how many multiply-adds. Raises ShapeError."""
        raise NotImplementedError

    def module(self, arrives: Shape, device: Device) -> nn.Module:
        """Build it for what `follow` accepted."""
        raise NotImplementedError

    def draw(self, module: nn.Module, generator: torch.Generator) -> None:
        """Give the module its first weights, if it has any."""

    def torch_lines(self, step: Planned, said: str, *, lone_pictures: bool) -> list[str]:
        """Its lines in a PyTorch program; `said` is a comment about what comes out.

        lone_pictures: batches of one picture come up, for which batch norm has no variance.
        """
        raise NotImplementedError

    def brings(self, *, lone_pictures: bool) -> tuple[type[nn.Module], ...]:
        """Modules that PyTorch does not have and the program therefore brings."""
        return ()

    def keras_line(self, step: Planned, said: str, *, decays: bool) -> str:
        """Its line in a Keras program; decays: weight decay is a regularizer called `l2`, options of it `decay`."""
        raise NotImplementedError

    def token(self) -> str:
        """How a link says it."""
        raise NotImplementedError

    @classmethod
    def read(cls, number: str, marks: str) -> Self:
        """Read what `link` matches: the number after the letter, and the rest."""
        raise NotImplementedError

    def told(self) -> str:
        """In a report: "8 filters 3×3, same, ReLU"."""
        raise NotImplementedError

    def in_short(self) -> str:
        """Beside other set-ups: "conv 8@3×3"."""
        raise NotImplementedError

    def briefly(self) -> str:
        """Where a whole net has one line: "conv 8"."""
        return self.stem

    def caption(self, comes_out: Shape) -> Caption:
        """Over its pictures in Look inside; for kinds that are shown."""
        raise NotImplementedError


def describe(shape: Shape) -> str:
    """`(8, 28, 28)` -> "28×28×8", `(490,)` -> "490": height, width and channels, in the order that articles write."""
    channels, *sides = shape
    return "×".join(f"{n}" for n in (*sides, channels))


def need_maps(layer: LayerKind, at: Arrival) -> tuple[int, int, int]:
    """Maps cannot come back once they are a row of numbers: the mend moves the layer before what flattened them."""
    if len(at.shape) == 3:
        channels, height, width = at.shape
        return channels, height, width
    layers, index = at.layers, at.index
    flattener = next(i for i, earlier in enumerate(layers) if earlier.ends_maps)
    moved = (*layers[:flattener], layer, *layers[flattener:index], *layers[index + 1 :])
    before = layers[flattener].stem
    mend = Mend(f"Move it before {before}", moved, told("refused.mend_move", layer=before))
    if layer.ends_maps and type(layer) is type(layers[flattener]):
        # Moved, it would only change places.
        mend = Mend("Remove this pooling", at.with_layer(None), told("refused.mend_remove"))
    numbers = "1 number" if at.shape[0] == 1 else f"{at.shape[0]:,} numbers"
    reason = f"{at.name} needs feature maps (height×width×channels), but a row of {numbers} arrives."
    raise ShapeError(index, reason, mend, told("refused.needs_maps", layer=at.name, count=at.shape[0]))
