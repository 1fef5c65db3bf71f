"""How a file orders the numbers that flow through it, beside the order that is ours.

torch writes pictures as (N, C, H, W), Keras as (N, H, W, C) with transpositions around its convolutions; a row made of
maps is then in another order too.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import isqrt, prod

import numpy as np

from lib.nets.stranger.file import Array

CHW = (0, 1, 2)
_CHANNELS = (1, 3)


@dataclass(frozen=True)
class At:
    """What flows at one place of a net.

    shape: ours, `(C, H, W)` or `(N,)`
    sides: the file's, without the batch
    axes: of maps: which of our axes the file's numbers run through, the slowest first
    order: of a row: at which place of ours each of the file's numbers stands; None: at the same
    """

    shape: tuple[int, ...]
    sides: tuple[int, ...]
    axes: tuple[int, ...] = CHW
    order: Array | None = None

    @property
    def is_row(self) -> bool:
        """Whether it is a row of numbers for us; the file may still write it as maps of one pixel."""
        return len(self.shape) == 1

    @property
    def is_plain_maps(self) -> bool:
        """Whether the file writes maps as we do."""
        return len(self.sides) == 3 and not self.is_row and self.axes == CHW

    def reshaped(self, sides: Sequence[int]) -> "At | None":
        """The same numbers in the same order with other sides; None where that makes other maps of them."""
        if prod(sides) != prod(self.shape) or not sides:
            return None
        if self.is_row or len(sides) == 1:
            return replace(self, sides=tuple(sides))
        wide = [axis for axis in self.axes if self.shape[axis] != 1]
        if [self.shape[axis] for axis in wide] != [side for side in sides if side != 1]:
            return None
        narrow = [axis for axis in CHW if axis not in wide]
        axes = [wide.pop(0) if side != 1 else narrow.pop(0) for side in sides if side != 1 or narrow]
        return replace(self, sides=tuple(sides), axes=tuple(axes))

    def transposed(self, perm: Sequence[int]) -> "At | None":
        """With the file's axes (without the batch) in another order."""
        if sorted(perm) != list(range(len(self.sides))):
            return None
        sides = tuple(self.sides[axis] for axis in perm)
        if self.is_row:  # only where all but one side are 1 does that change nothing
            return replace(self, sides=sides) if sum(side != 1 for side in sides) <= 1 else None
        if len(self.axes) != len(perm):
            return None
        return replace(self, sides=sides, axes=tuple(self.axes[axis] for axis in perm))

    def as_row(self) -> "At":
        """Maps laid out in our order, with what the file's order is beside it."""
        axes = [*self.axes, *(axis for axis in CHW if axis not in self.axes)]
        order = np.arange(prod(self.shape)).reshape(self.shape).transpose(axes).ravel()
        return At((prod(self.shape),), (prod(self.shape),), order=order)

    def in_our_order(self, numbers: Array) -> Array | None:
        """One number for each that flows, or for each channel: `numbers` of the file, broadcast. None if it cannot be.

        Of maps `(C,)`, of a row `(N,)`; also None where it differs within a map.
        """
        try:
            spread = np.broadcast_to(numbers, (1, *self.sides)).reshape(-1)
        except ValueError:
            return None
        if self.is_row:
            return self.row_of(spread)
        axes = [*self.axes, *(axis for axis in CHW if axis not in self.axes)]
        maps = spread.reshape([self.shape[axis] for axis in axes]).transpose(np.argsort(axes))
        flat = maps.reshape(len(maps), -1)
        return flat[:, 0].copy() if (flat == flat[:, :1]).all() else None

    def row_of(self, numbers: Array) -> Array:
        """A row of the file's, `(..., N)`, in our order."""
        if self.order is None:
            return numbers.copy()
        found = np.empty_like(numbers)
        found[..., self.order] = numbers
        return found


def picture_of(sides: tuple[int, ...]) -> At | None:
    """What comes in: pictures of one or three colours, whichever way they are written; a row is a square picture."""
    match sides:
        case (int(channels), _, _) if channels in _CHANNELS and 0 not in sides:
            return At(sides, sides)
        case (int(height), int(width), int(channels)) if channels in _CHANNELS and 0 not in sides:
            return At((channels, height, width), sides, (1, 2, 0))
        case (int(height), int(width)) if 0 not in sides:
            return At((1, height, width), sides, (1, 2))
        case (int(count),) if count and isqrt(count) ** 2 == count:
            return At((1, isqrt(count), isqrt(count)), sides, (1, 2))
    return None
