"""Batch norm: evens out channels."""

from math import prod
from typing import Literal, Self

import torch
from pydantic import Field
from pydantic.dataclasses import dataclass
from torch import Tensor, nn
from torch.nn import functional

from lib.layers.kind import FORBID, Arrival, Device, LayerKind, Planned, Shape


class RowNorm(nn.BatchNorm1d):
    """Batch norm of rows of numbers; a last batch of one picture has no variance and uses the running one."""

    def forward(self, x: Tensor) -> Tensor:
        """`(N, C)` -> `(N, C)`."""
        return _by_running_values(self, x) if self.training and _is_lone(x) else super().forward(x)


class MapNorm(nn.BatchNorm2d):
    """Batch norm of feature maps; maps of one pixel from a last batch of one picture are like `RowNorm`'s row."""

    def forward(self, x: Tensor) -> Tensor:
        """`(N, C, H, W)` -> `(N, C, H, W)`."""
        return _by_running_values(self, x) if self.training and _is_lone(x) else super().forward(x)


def _is_lone(x: Tensor) -> bool:
    """True if there is only one value per channel, so that no variance can be measured."""
    return x.numel() == x.shape[1]


def _by_running_values(norm: RowNorm | MapNorm, x: Tensor) -> Tensor:
    return functional.batch_norm(x, norm.running_mean, norm.running_var, norm.weight, norm.bias, eps=norm.eps)


@dataclass(frozen=True, config=FORBID)
class BatchNorm(LayerKind):
    """Bring each channel to mean 0 and variance 1 over the batch, then scale and shift by two learned numbers."""

    kind: Literal["batch_norm"] = Field(default="batch_norm", kw_only=True, repr=False)

    stem = "norm"
    link = "b"
    belongs = "after maps"

    def follow(self, at: Arrival) -> tuple[Shape, int, int]:
        """The same shape; two numbers a channel."""
        return at.shape, 2 * at.shape[0], prod(at.shape)

    def module(self, arrives: Shape, device: Device) -> nn.Module:
        """One for maps or one for rows."""
        channels, *sides = arrives
        return (MapNorm if sides else RowNorm)(channels, device=device)

    def draw(self, module: nn.Module, generator: torch.Generator) -> None:
        """Nothing is random about it."""
        assert isinstance(module, RowNorm | MapNorm)
        module.reset_running_stats()
        module.reset_parameters()

    def torch_lines(self, step: Planned, said: str, *, lone_pictures: bool) -> list[str]:
        """Ours, where torch's would find no variance."""
        maps = len(step.input_shape) == 3
        ours, theirs = ("MapNorm", "nn.BatchNorm2d") if maps else ("RowNorm", "nn.BatchNorm1d")
        return [f"{step.name}={ours if lone_pictures else theirs}({step.input_shape[0]}),{said}"]

    def brings(self, *, lone_pictures: bool) -> tuple[type[nn.Module], ...]:
        """Both, where batches of one picture come up."""
        return (RowNorm, MapNorm) if lone_pictures else ()

    def keras_line(self, step: Planned, said: str, *, decays: bool) -> str:
        """With torch's numbers."""
        decay = "beta_regularizer=l2, gamma_regularizer=l2, " if decays else ""
        return f'layers.BatchNormalization(momentum=0.9, epsilon=1e-5, {decay}name="{step.name}"),{said}'

    def token(self) -> str:
        """`b`."""
        return "b"

    @classmethod
    def read(cls, number: str, marks: str) -> Self:
        """It has no settings."""
        return cls()

    def told(self) -> str:
        """In a report."""
        return "batch norm"

    def in_short(self) -> str:
        """Beside other set-ups."""
        return "batch norm"
