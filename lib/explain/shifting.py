"""What moving, turning and scaling the pictures does to a net: its accuracy, and its answers to one picture."""

from collections.abc import Callable, Generator, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from functools import partial

import torch
from torch import Tensor, nn
from torch.nn import functional

from lib.datasets import Split, spread
from lib.models.modes import evaluating

REACH = 8  # pixels: things in the middle 20 of 28 pixels are half cut off at the ends
ANGLES: tuple[float, ...] = tuple(range(-90, 91, 15))  # degrees clockwise
SCALES: tuple[float, ...] = (0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6)
_CHUNK = 100  # pictures at once: their maps fit a processor's cache, and no net's take much memory

Change = Callable[[Tensor], Tensor]


@dataclass(frozen=True, slots=True)
class Robustness:
    """Accuracies (0..1) of a net on `pictures` pictures, for every place, angle and size they were shown in."""

    pictures: int
    by_shift: tuple[tuple[float, ...], ...]  # rows: up to down, columns: left to right; unmoved in the middle
    angles: tuple[float, ...]
    by_angle: tuple[float, ...]
    scales: tuple[float, ...]
    by_scale: tuple[float, ...]
    right: Tensor | None = field(default=None, repr=False, compare=False)  # (shifts, pictures), bool, as `shifts` goes

    def places_kept(self, pixels: int) -> Tensor | None:
        """Of each picture `(pictures,)`, in how many of the places up to `pixels` each way it is right."""
        near = torch.tensor([max(abs(dx), abs(dy)) <= pixels for dx, dy in shifts(self.reach)])
        return None if self.right is None else self.right[near].sum(dim=0)

    @property
    def reach(self) -> int:
        """The largest shift each way, in pixels."""
        return len(self.by_shift) // 2

    @property
    def centred(self) -> float:
        """The accuracy on the pictures as they are."""
        return self.by_shift[self.reach][self.reach]

    def shifted_up_to(self, pixels: int) -> float:
        """The mean over all `(2 pixels + 1)²` shifts of at most `pixels` each way, the unmoved one among them."""
        near = slice(self.reach - pixels, self.reach + pixels + 1)
        cells = [accuracy for row in self.by_shift[near] for accuracy in row[near]]
        return sum(cells) / len(cells)

    def turned_up_to(self, degrees: float) -> float:
        """The mean over all measured angles of at most `degrees` either way."""
        near = [found for angle, found in zip(self.angles, self.by_angle, strict=True) if abs(angle) <= degrees]
        return sum(near) / len(near)


def shifted(x: Tensor, dx: int, dy: int, fill: float = 0.0) -> Tensor:
    """Move pictures `(N, C, H, W)` by `dx` pixels to the right and `dy` down; `fill` moves in, what leaves is lost."""
    height, width = x.shape[2:]
    moved = x.roll((dy, dx), dims=(2, 3))
    rows, columns = torch.arange(height, device=x.device) - dy, torch.arange(width, device=x.device) - dx
    came = ((rows >= 0) & (rows < height))[:, None] & ((columns >= 0) & (columns < width))
    return moved.masked_fill(~came, fill)


def turned(x: Tensor, degrees: float = 0.0, scale: float = 1.0) -> Tensor:
    """Turn pictures `(N, C, H, W)` clockwise about their middle and make them `scale` times as large; zeros move in.

    Between pixels values are interpolated bilinearly. Angle 0 and scale 1 give the very same numbers back.
    """
    if degrees == 0.0 and scale == 1.0:
        return x
    angle = torch.deg2rad(torch.tensor(degrees, dtype=torch.float64))
    cos, sin = float(angle.cos()) / scale, float(angle.sin()) / scale
    height, width = x.shape[2:]
    # Where each pixel comes from, in a grid that goes from -1 to 1 both ways, whatever the sides are.
    back = x.new_tensor([[cos, sin * height / width, 0.0], [-sin * width / height, cos, 0.0]])
    grid = functional.affine_grid(back.expand(len(x), 2, 3), list(x.shape), align_corners=False)
    return functional.grid_sample(x, grid, align_corners=False)


def shifts(reach: int = REACH) -> list[tuple[int, int]]:
    """All `(dx, dy)` of at most `reach` pixels each way, row by row from the upper left."""
    sides = range(-reach, reach + 1)
    return [(dx, dy) for dy in sides for dx in sides]


def accuracy_under(
    model: nn.Module, split: Split, changes: Sequence[Change], pictures: int | None = None
) -> Generator[float, None, list[float]]:
    """Measure the accuracy (0..1) on `pictures` of `split`, spread evenly over it, under each of `changes`.

    A change takes pictures `(n, C, H, W)` and gives as many, of the same size. Yields the share of the work that is
    done, 0..1; closing it is a clean stop. `model` is copied first and may learn on meanwhile.
    """
    right = yield from right_under(model, split, changes, pictures)
    return right.double().mean(dim=1).tolist()


def right_under(
    model: nn.Module, split: Split, changes: Sequence[Change], pictures: int | None = None
) -> Generator[float, None, Tensor]:
    """Which pictures are answered rightly under each of `changes`, bool `(changes, pictures)`; see `accuracy_under`."""
    # Laid out so, convolutions are twice as fast.
    net: nn.Module = deepcopy(model).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    device = next(net.parameters()).device
    index = spread(len(split), pictures)
    total = len(index)
    parts = torch.split(index, _CHUNK)
    right = torch.zeros(len(changes), total, dtype=torch.bool)
    for number, part in enumerate(parts):
        x, y = split.batch(part)
        x = x.to(device)
        for place, change in enumerate(changes):
            answers = _logits(net, change(x)).argmax(dim=1)
            right[place, number * _CHUNK : number * _CHUNK + len(part)] = answers.cpu() == y.cpu()
            yield (number + (place + 1) / len(changes)) / len(parts)
    return right


def robustness(
    model: nn.Module,
    split: Split,
    pictures: int | None = None,
    *,
    reach: int = REACH,
    angles: Sequence[float] = ANGLES,
    scales: Sequence[float] = SCALES,
) -> Generator[float, None, Robustness]:
    """Measure a net on shifted, turned and scaled pictures; see `accuracy_under` for what is yielded."""
    places = shifts(reach)
    changes: list[Change] = [partial(shifted, dx=dx, dy=dy) for dx, dy in places]
    changes += [partial(turned, degrees=degrees) for degrees in angles]
    changes += [partial(turned, scale=scale) for scale in scales]
    right = yield from right_under(model, split, changes, pictures)
    found = right.double().mean(dim=1).tolist()
    side, rest = 2 * reach + 1, found[len(places) :]
    return Robustness(
        pictures=min(len(split), pictures or len(split)),
        by_shift=tuple(tuple(found[row * side : (row + 1) * side]) for row in range(side)),
        angles=tuple(angles),
        by_angle=tuple(rest[: len(angles)]),
        scales=tuple(scales),
        by_scale=tuple(rest[len(angles) :]),
        right=right[: len(places)],
    )


def answers_when_shifted(model: nn.Module, x: Tensor, reach: int = REACH) -> Tensor:
    """Give the class probabilities `(2 reach + 1, 2 reach + 1, classes)` for one picture in every place.

    `x` is `(C, H, W)` or `(1, C, H, W)`; the first side of the result goes from up to down, the second from left to
    right, and the picture as it is belongs to the middle.
    """
    x = x[None] if x.dim() == 3 else x
    if len(x) != 1:
        raise ValueError(f"answers_when_shifted looks at one picture at a time, not {len(x)}.")
    moved = torch.cat([shifted(x, dx, dy) for dx, dy in shifts(reach)])
    logits = torch.cat([_logits(model, part) for part in torch.split(moved, _CHUNK)])
    return functional.softmax(logits, dim=1).reshape(2 * reach + 1, 2 * reach + 1, -1)


def _logits(model: nn.Module, x: Tensor) -> Tensor:
    # Never around a yield: whether gradients are kept belongs to the thread.
    with torch.no_grad(), evaluating(model):
        logits: Tensor = model(x)
        return logits
