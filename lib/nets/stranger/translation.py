"""A stranger's net in our layers: a chain of operators, from picture to answer, becomes a set-up with its weights."""

from collections.abc import Callable
from dataclasses import dataclass
from math import prod

import numpy as np
import torch
from torch import Tensor

from lib.config import Dense, ModelConfig
from lib.layers.kind import ShapeError
from lib.models.shapes import plan
from lib.nets.stranger.axes import picture_of
from lib.nets.stranger.bends import bend_of, formula_from
from lib.nets.stranger.constants import work_out
from lib.nets.stranger.file import Array, Graph, Node, NotThisNet
from lib.nets.stranger.growing import Growing
from lib.nets.stranger.windows import Pad

_SILENT = ("Identity", "Dropout", "Cast")
_RESHAPING = ("Reshape", "Flatten", "Squeeze", "Unsqueeze")


@dataclass(frozen=True)
class Translated:
    """A net of ours that computes what the file does; weights are named as `build_model` names them."""

    shape: tuple[int, int, int]  # of a picture: (C, H, W)
    classes: int
    model: ModelConfig
    weights: dict[str, Tensor]
    scales: bool  # the file's net takes pixels of 0..255 and divides them itself; this one wants 0..1


def translate(graph: Graph) -> Translated:
    """Find our layers in a file's operators; NotThisNet names the first that is none of them."""
    return _Chain(graph).translated()


class _Chain(Growing):
    def __init__(self, graph: Graph) -> None:
        at = picture_of(graph.shape)
        if at is None:
            raise NotThisNet("pictures", shape="×".join(str(side or "?") for side in graph.shape) or "?")
        super().__init__(at, graph.input, dict(graph.constants))
        self.graph, self.pending, self.picture = graph, list(graph.nodes), at.shape
        self.readers: dict[str, list[Node]] = {}
        for node in graph.nodes:
            for name in dict.fromkeys(node.takes):
                self.readers.setdefault(name, []).append(node)

    def translated(self) -> Translated:
        """Walk from the picture to the answer."""
        self._work_out()
        for _ in range(len(self.graph.nodes) + 1):
            if self.value == self.graph.output:
                return self._finished()
            self._follow()
        raise NotThisNet("not_onnx")  # it goes round in circles

    def _follow(self) -> None:
        there = self.readers.get(self.value, [])
        for node in there:
            if node.kind == "Shape":  # how many pictures come together is of no account
                self.constants[node.gives[0]] = np.array([1, *self.at.sides], dtype=np.int64)
        self._work_out()
        reading = [node for node in there if node.kind != "Shape"]
        if not reading:
            raise NotThisNet("ends", node=self._maker_of(self.value))
        if len(reading) > 1:
            bend, self.value = formula_from(self.value, self.graph, self.readers, self.constants)
            self.bend(reading[0], bend)
            return
        (node,) = reading
        if self.pad.is_there and node.kind not in ("Conv", "Transpose", *_SILENT):
            raise NotThisNet("kind", node=node.name, kind="Pad")
        self._step(node)
        self.value = node.gives[0]

    def _work_out(self) -> None:
        """Whatever depends on weights and shapes alone, as far as it can be known by now."""
        later = []
        for node in self.pending:
            values = [self.constants[name] for name in node.takes if name in self.constants]
            known = len(values) == len([name for name in node.takes if name]) > 0
            found = work_out(node, values) if known else None
            if found is None:
                later.append(node)
            else:
                self.constants[node.gives[0]] = found
        self.pending = later

    def _step(self, node: Node) -> None:
        steps: dict[str, Callable[[Node], None]] = {
            "Conv": self.convolve,
            "BatchNormalization": self.norm,
            "MaxPool": self.pool,
            "AveragePool": self.pool,
            "GlobalAveragePool": self.average,
            "ReduceMean": self.average,
            "Gemm": self.dense,
            "MatMul": self.dense,
            "Transpose": self._transpose,
            "Pad": self._zeros,
            **dict.fromkeys(("Add", "Sub", "Mul", "Div"), self.affine),
            **dict.fromkeys(_RESHAPING, self._reshape),
            **dict.fromkeys(_SILENT, lambda _: None),
            **dict.fromkeys(("Softmax", "LogSoftmax"), self._softmax),
        }
        if (bend := bend_of(node)) is not None:
            self.bend(node, bend)
        elif node.kind in steps:
            steps[node.kind](node)
        else:
            raise NotThisNet("kind", node=node.name, kind=node.kind)

    def _softmax(self, node: Node) -> None:
        if node.gives[0] != self.graph.output or len(self.at.sides) != 1:
            raise NotThisNet("kind", node=node.name, kind=node.kind)

    # ---- the same numbers, written otherwise ----

    def _reshape(self, node: Node) -> None:
        sides = self.at.sides
        match node.kind:
            case "Flatten" if node.settings.get("axis", 1) == 1:
                sides = (prod(sides),)
            case "Reshape":
                sides = _target(node, self.known(node, 1), sides)
            case "Squeeze" | "Unsqueeze":
                told = node.settings.get("axes") or self.known(node, 1).tolist()
                more = len(told) if node.kind == "Unsqueeze" else 0
                axes = {int(axis) % (len(sides) + 1 + more) for axis in told} - {0}
                left = list(sides) if more else [side for place, side in enumerate(sides, 1) if place not in axes]
                for axis in sorted(axes) if more else ():
                    left.insert(axis - 1, 1)
                sides = tuple(left)
        at = self.at.reshaped(sides)
        if not self.layers and len(sides) > len(self.at.sides):  # only now is it said what kind of pictures come
            at = picture_of(sides) if prod(sides) == prod(self.at.sides) else None
            self.picture = at.shape if at else self.picture
        if at is None:
            raise NotThisNet("order", node=node.name)
        self.at = at

    def _transpose(self, node: Node) -> None:
        perm = node.settings.get("perm") or []
        at = self.at.transposed([axis - 1 for axis in perm[1:]]) if perm[:1] == [0] else None
        if at is None:
            raise NotThisNet("order", node=node.name)
        self.at = at

    def _zeros(self, node: Node) -> None:
        told = node.settings.get("pads") or self.known(node, 1).tolist()
        value = self.known(node, 2) if len(node.takes) > 2 and node.takes[2] else np.zeros(())
        plain = node.settings.get("mode", "constant") == "constant" and not value.any() and not self.at.is_row
        pad = Pad.of(told, self.at.axes) if plain and len(self.at.sides) == 3 and not self.pad.is_there else None
        if pad is None:
            raise NotThisNet("kind", node=node.name, kind=node.kind)
        self.pad = pad

    def _maker_of(self, value: str) -> str:
        return next((node.name for node in self.graph.nodes if value in node.gives), value)

    def _finished(self) -> Translated:
        last = self.layers[-1] if self.layers else None
        if last is None or not isinstance(last.config, Dense) or not last.is_linear:
            raise NotThisNet("ends", node=self._maker_of(self.value))
        model = ModelConfig(layers=tuple(layer.config for layer in self.layers[:-1]))
        channels, height, width = self.picture
        try:
            planned = plan(model, (channels, height, width), last.config.units)
        except ShapeError as problem:
            raise NotThisNet("bounds", node=self._maker_of(self.value), what=problem.reason) from None
        weights = {
            f"{step.name}.{name}": torch.from_numpy(np.ascontiguousarray(value)).to(
                torch.int64 if name == "num_batches_tracked" else torch.float32
            )
            for step, layer in zip(planned, self.layers, strict=True)
            for name, value in layer.weights.items()
        }
        return Translated((channels, height, width), last.config.units, model, weights, self.scales)


def _target(node: Node, told: Array, sides: tuple[int, ...]) -> tuple[int, ...]:
    """The sides that Reshape asks for, without the batch: 0 keeps a side, -1 is whatever is left."""
    before, target = (1, *sides), [int(side) for side in told.reshape(-1)[:8]]
    target = [before[i] if side == 0 and i < len(before) else side for i, side in enumerate(target)]
    open_at = [i for i, side in enumerate(target) if side < 0]
    known = prod(side for side in target if side > 0)
    if len(open_at) == 1 and known and prod(before) % known == 0:
        target[open_at[0]] = prod(before) // known
    if len(target) < 2 or target[0] != 1 or min(target) < 1:
        raise NotThisNet("order", node=node.name)
    return tuple(target[1:])
