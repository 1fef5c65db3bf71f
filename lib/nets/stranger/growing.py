"""The layers that are found, one after the other: each operator that computes becomes one of ours, or changes the last.

Everything is exact but for rounding: scales and shifts go into the weights before them, batch norm's epsilon into its
variance, the order of a row into the weights that read it.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from pydantic import ValidationError

from lib.config import AvgPool2d, BatchNorm, Dense, Flatten, GlobalAvgPool2d, MaxPool2d, first_problem
from lib.layers.kind import MAX_LAYERS
from lib.nets.stranger.axes import At
from lib.nets.stranger.file import Array, Node, NotThisNet
from lib.nets.stranger.windows import Pad, convolution, pool_size

_EPS = 1e-5  # of our batch norm
_SMALL = 0.02  # what is multiplied by less at the very start was 0..255


@dataclass
class Layer:
    """One of ours with its weights by the names that its module has for them."""

    config: Any
    weights: dict[str, Array]

    @property
    def is_linear(self) -> bool:
        """Whether it sums, and nothing has bent the sums yet."""
        return getattr(self.config, "activation", "") == "linear"

    @property
    def takes_scales(self) -> bool:
        """Whether its own weights can scale and shift what it gives; Keras writes a batch norm as Mul and Add."""
        return self.is_linear or isinstance(self.config, BatchNorm)


class Growing:
    """A net under way: its layers so far, and what comes out of them."""

    def __init__(self, at: At, value: str, constants: dict[str, Array]) -> None:
        self.at, self.value, self.constants = at, value, constants
        self.layers: list[Layer] = []
        self.pad, self.scales = Pad(), False

    def convolve(self, node: Node) -> None:
        """Conv: one for all maps, or one for each."""
        if not self.at.is_plain_maps or node.takes[0] != self.value:
            raise NotThisNet("order", node=node.name)
        kernel = self.known(node, 1)
        config, shape = convolution(node, kernel, self.at.shape, self.pad)
        bias = self.known(node, 2) if len(node.takes) > 2 and node.takes[2] else np.zeros(len(kernel))
        self._add(config, {"weight": kernel, "bias": bias}, At(shape, shape))
        self.pad = Pad()

    def dense(self, node: Node) -> None:
        """Gemm or MatMul with weights on its right."""
        if len(self.at.sides) != 1 or node.takes[0] != self.value or node.settings.get("transA"):
            raise NotThisNet("order", node=node.name)
        if not self.at.is_row:
            self.flatten()
        kernel = self.known(node, 1)
        if kernel.ndim != 2:
            raise NotThisNet("weights", node=node.name)
        gemm = node.kind == "Gemm"
        kernel = (kernel if gemm and node.settings.get("transB") else kernel.T) * node.settings.get("alpha", 1.0)
        if kernel.shape[1] != self.at.shape[0]:
            raise NotThisNet("weights", node=node.name)
        bias = np.zeros(len(kernel))
        if gemm and len(node.takes) > 2:
            added = self.known(node, 2) * node.settings.get("beta", 1.0)
            bias = _spread(node, added, len(kernel))
        config = self._config(node, Dense, units=len(kernel), activation="linear")
        self._add(config, {"weight": self.at.row_of(kernel), "bias": bias}, At((len(kernel),), (len(kernel),)))

    def norm(self, node: Node) -> None:
        """BatchNormalization: part of the sums before it, or a layer of its own."""
        if len(self.at.sides) == 1 and not self.at.is_row:
            self.flatten()
        if not (self.at.is_plain_maps or (self.at.is_row and len(self.at.sides) == 1)):
            raise NotThisNet("order", node=node.name)
        gamma, beta, mean, var = (_spread(node, self.known(node, place), self.at.shape[0]) for place in range(1, 5))
        var = var + node.settings.get("epsilon", 1e-5)
        if node.settings.get("training_mode") or (var <= 0).any():
            raise NotThisNet("setting", node=node.name, what="BatchNormalization")
        if self.at.is_row:
            gamma, beta, mean, var = map(self.at.row_of, (gamma, beta, mean, var))
        if self.layers and self.layers[-1].is_linear:
            scale = gamma / np.sqrt(var)
            self._scale(scale, beta - mean * scale)
            return
        told = {"weight": gamma, "bias": beta, "running_mean": mean, "running_var": var - _EPS}
        self._add(BatchNorm(), told | {"num_batches_tracked": np.array(0)}, self.at)

    def affine(self, node: Node) -> None:
        """Add, Sub, Mul or Div with a number, or with one for each channel."""
        first = node.takes[0] == self.value
        told = self.known(node, 1 if first else 0)
        ours = self.at.in_our_order(told)
        if ours is None and len(self.at.sides) == 1 and not self.at.is_row:
            self.flatten()
            ours = self.at.in_our_order(told)
        if ours is None or (node.kind == "Div" and (not first or (ours == 0).any())):
            raise NotThisNet("kind", node=node.name, kind=node.kind)
        scale, shift = np.ones_like(ours, dtype=np.float64), np.zeros_like(ours, dtype=np.float64)
        match node.kind:
            case "Mul":
                scale = ours
            case "Div":
                scale = 1 / ours
            case "Add":
                shift = ours
            case "Sub":
                scale, shift = (scale, -ours) if first else (-scale, ours)
        if not self.layers and 0 < scale.max() < _SMALL:
            self.scales, scale = True, scale * 255
        if self.layers and self.layers[-1].takes_scales:
            self._scale(scale, shift)
        elif not (np.allclose(scale, 1, atol=1e-6, rtol=0) and not shift.any()):
            still = {"running_mean": 0 * shift, "running_var": 0 * shift + (1 - _EPS)}
            self._add(
                BatchNorm(),
                {"weight": scale, "bias": shift} | still | {"num_batches_tracked": np.array(0)},
                self.at,
            )

    def _scale(self, scale: Array, shift: Array) -> None:
        """Let what the last layer gives come out times `scale`, plus `shift`."""
        weights = self.layers[-1].weights
        weights["weight"] = weights["weight"] * scale.reshape(-1, *[1] * (weights["weight"].ndim - 1))
        weights["bias"] = weights["bias"] * scale + shift

    def pool(self, node: Node) -> None:
        """MaxPool or AveragePool of whole blocks."""
        if not self.at.is_plain_maps:
            raise NotThisNet("order", node=node.name)
        size = pool_size(node, self.at.shape)
        config = self._config(node, MaxPool2d if node.kind == "MaxPool" else AvgPool2d, size=size)
        channels, height, width = self.at.shape
        shape = (channels, height // size, width // size)
        self._add(config, {}, At(shape, shape))

    def average(self, node: Node) -> None:
        """Of whole maps; written with sides of 1, or without them."""
        at, keeps = self.at, bool(node.settings.get("keepdims", 1))
        axes = [2, 3]
        if node.kind == "ReduceMean":
            told = node.settings.get("axes") or (self.known(node, 1).tolist() if len(node.takes) > 1 else [])
            axes = sorted(int(axis) % (len(at.sides) + 1) for axis in told)
        if at.is_row or len(at.sides) != 3 or [at.axes[axis - 1] for axis in axes if 0 < axis < 4] != [1, 2]:
            raise NotThisNet("kind", node=node.name, kind=node.kind)
        sides = [
            1 if place + 1 in axes else side for place, side in enumerate(at.sides) if keeps or place + 1 not in axes
        ]
        self._add(GlobalAvgPool2d(), {}, At((at.shape[0],), tuple(sides)))

    def flatten(self) -> None:
        """Lay the maps out as one row."""
        self._add(Flatten(), {}, self.at.as_row())

    def bend(self, node: Node, bend: str) -> None:
        """Give the last layer its activation."""
        if not self.layers or not self.layers[-1].is_linear:
            raise NotThisNet("bend", node=node.name, kind=bend)
        self.layers[-1].config = replace(self.layers[-1].config, activation=bend)

    def known(self, node: Node, place: int) -> Array:
        """What the file itself says of an operator's input."""
        name = node.takes[place] if place < len(node.takes) else ""
        if name not in self.constants:
            raise NotThisNet("weights", node=node.name)
        return self.constants[name]

    def _config(self, node: Node, kind: Any, **settings: Any) -> Any:
        try:
            return kind(**settings)
        except ValidationError as problem:
            raise NotThisNet("bounds", node=node.name, what=first_problem(problem)) from None

    def _add(self, config: Any, weights: dict[str, Array], at: At) -> None:
        if len(self.layers) > MAX_LAYERS:
            raise NotThisNet("too_deep", most=MAX_LAYERS)
        self.layers.append(Layer(config, weights))
        self.at = at


def _spread(node: Node, numbers: Array, count: int) -> Array:
    try:
        return np.broadcast_to(numbers.reshape(-1), (count,)).astype(np.float64)
    except ValueError:
        raise NotThisNet("weights", node=node.name) from None
