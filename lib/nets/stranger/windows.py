"""Windows that slide: whether a convolution or a pooling of a file is one of ours."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from lib.config import Conv2d, DepthwiseConv2d, first_problem
from lib.layers.conv2d import same_padding
from lib.nets.stranger.file import Array, Node, NotThisNet


@dataclass(frozen=True)
class Pad:
    """Zeros around maps."""

    top: int = 0
    left: int = 0
    bottom: int = 0
    right: int = 0

    @property
    def is_there(self) -> bool:
        """Whether there are any."""
        return any((self.top, self.left, self.bottom, self.right))

    @classmethod
    def of(cls, told: Sequence[int], axes: Sequence[int]) -> "Pad | None":
        """What the operator Pad says, all axes' beginnings and then all ends; None if not of height and width alone."""
        if len(told) != 2 * (len(axes) + 1) or min(told) < 0:
            return None
        before, after = dict(zip(axes, told[1:], strict=False)), dict(zip(axes, told[len(axes) + 2 :], strict=False))
        if told[0] or told[len(axes) + 1] or before[0] or after[0]:
            return None
        return cls(before[1], before[2], after[1], after[2])


def convolution(node: Node, kernel: Array, shape: tuple[int, ...], pad: Pad) -> tuple[Any, tuple[int, ...]]:
    """`(layer, what comes out)` of the operator Conv on maps `(C, H, W)`, weights `(M, C / group, k, k)`."""
    says, (channels, height, width) = node.settings, shape
    group = says.get("group", 1)
    if kernel.ndim != 4 or 0 in kernel.shape or kernel.shape[1] * group != channels:
        raise NotThisNet("weights", node=node.name)
    filters, size, stride = len(kernel), kernel.shape[2], _one(node, "strides")
    alone = group == channels == filters and group > 1
    if kernel.shape[3] != size or _one(node, "dilations") != 1 or not (alone or group == 1):
        raise NotThisNet("setting", node=node.name, what=f"{kernel.shape[2]}×{kernel.shape[3]}, {group} groups")
    padding = _padding(node, (height, width), size, stride, pad)
    settings = {"kernel_size": size, "stride": stride, "padding": padding, "activation": "linear"}
    try:
        layer = DepthwiseConv2d(**settings) if alone else Conv2d(filters, **settings)
    except ValidationError as problem:
        raise NotThisNet("bounds", node=node.name, what=first_problem(problem)) from None
    if padding == "same":
        return layer, (filters, -(-height // stride), -(-width // stride))
    if size > min(height, width):
        raise NotThisNet("weights", node=node.name)
    return layer, (filters, (height - size) // stride + 1, (width - size) // stride + 1)


def pool_size(node: Node, shape: tuple[int, ...]) -> int:
    """The side of the blocks of a pooling. NotThisNet where its windows overlap or reach over the rim."""
    says, (_, height, width) = node.settings, shape
    size = _one(node, "kernel_shape")
    whole = height % size == 0 and width % size == 0
    auto = says.get("auto_pad", "NOTSET")
    sound = (
        _one(node, "strides") == size
        and _one(node, "dilations") == 1
        and not any(says.get("pads") or ())
        and (auto in ("NOTSET", "VALID") or whole)
        and (not says.get("ceil_mode") or whole)
        and len(node.gives) == 1
        and size <= min(height, width)
    )
    if not sound:
        raise NotThisNet("setting", node=node.name, what=f"{node.kind} {size}×{size}")
    return size


def _padding(node: Node, sides: tuple[int, int], size: int, stride: int, pad: Pad) -> str:
    (top, bottom), (left, right) = (same_padding(side, size, stride) for side in sides)
    same = Pad(top, left, bottom, right)
    told: Pad | None = None
    match node.settings.get("auto_pad", "NOTSET"):
        case "SAME_UPPER" if not pad.is_there:
            return "same"
        case "SAME_LOWER" if not pad.is_there and (top, left) == (bottom, right):
            return "same"
        case "VALID":
            told = pad
        case "NOTSET":
            there = (node.settings.get("pads") or [0] * 4)[:4]
            told = Pad(pad.top + there[0], pad.left + there[1], pad.bottom + there[2], pad.right + there[3])
    if told == same:
        return "same"
    if told == Pad():
        return "valid"
    raise NotThisNet("setting", node=node.name, what=f"pads {node.settings.get('pads')}, strides {stride}")


def _one(node: Node, name: str) -> int:
    """A setting for height and width that is the same for both."""
    told = node.settings.get(name) or [1, 1]
    if len(set(told)) != 1 or len(told) != 2 or told[0] < 1:
        raise NotThisNet("setting", node=node.name, what=f"{name} {told}")
    return int(told[0])
