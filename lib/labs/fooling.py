"""Fool a net: a change of every pixel that hardly shows, and makes it say something else."""

from collections.abc import Generator, Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

from lib.datasets import Split
from lib.models.modes import evaluating

STEPS = 10  # of the iterated form
LEVELS = (0, 1, 2, 3, 4, 6, 8, 10, 12, 16, 20, 24, 28, 32, 40, 48, 56, 64, 80, 96)  # grey levels of 255
_OVERSHOOT = 2.5  # the iterated form's steps together are so much longer than the way it may go (Madry et al. 2018)


def fooled(
    model: nn.Module,
    x: Tensor,
    labels: Tensor,
    size: Tensor | float,
    *,
    white: float = 1.0,
    toward: bool = False,
    steps: int = 1,
) -> Tensor:
    """Change pictures `x` `(N, C, H, W)` by at most `size` a number, so that the net says less of `labels` `(N,)`.

    One step goes by `size` against the sign of the gradient of the score's loss (Goodfellow et al. 2015); several go
    by smaller ones and stay within `size` (Kurakin et al. 2017, Madry et al. 2018). size: in the net's own numbers, one
    or one for each picture `(N, 1, 1, 1)`. toward: make it say more of `labels` instead. Numbers stay within 0 to
    `white`.
    """
    stride = size if steps == 1 else size * (_OVERSHOOT / steps)
    changed = x.detach().clone()
    for _ in range(steps):
        changed = changed + stride * (-1 if toward else 1) * slope_signs(model, changed, labels)
        changed = torch.minimum(torch.maximum(changed, x - size), x + size).clamp(0, white)
    return changed


def slope_signs(model: nn.Module, x: Tensor, labels: Tensor) -> Tensor:
    """The sign of the gradient of each picture's cross-entropy, one for each pixel `(N, C, H, W)`: -1, 0 or 1."""
    x = x.detach().clone().requires_grad_()
    with torch.enable_grad(), evaluating(model):
        (slope,) = torch.autograd.grad(functional.cross_entropy(model(x), labels, reduction="sum"), x)
    return slope.sign()


def noisy(x: Tensor, size: Tensor | float, white: float = 1.0, seed: int = 0) -> Tensor:
    """Change every number of `x` by `size`, up or down by the toss of a coin: as large, and without a plan."""
    coins = torch.randint(0, 2, x.shape[1:], generator=torch.Generator().manual_seed(seed)) * 2 - 1
    return (x + size * coins).clamp(0, white)


def in_levels(levels: Sequence[int], white: float) -> Tensor:
    """Sizes `(N, 1, 1, 1)` in a net's own numbers, of so many grey levels."""
    return torch.tensor(levels, dtype=torch.float32).view(-1, 1, 1, 1) * (white / 255)


def answers(model: nn.Module, x: Tensor) -> Tensor:
    """Class probabilities `(N, classes)`."""
    with torch.no_grad(), evaluating(model):
        return functional.softmax(model(x), dim=1)


def first_fooled(shares: Tensor, label: int, target: int | None = None) -> int | None:
    """The first of several answers `(N, classes)` that is not `label`, or that is `target`; None if none is."""
    best = shares.argmax(1)
    hits = (best != label if target is None else best == target).nonzero().flatten()
    return int(hits[0]) if len(hits) else None


def smallest_sizes(
    model: nn.Module, split: Split, pictures: int = 100, levels: Sequence[int] = LEVELS, seed: int = 0
) -> Generator[float, None, list[int | None]]:
    """How many grey levels suffice to fool the net, for each of so many pictures that it knows; None: more than all.

    The iterated form at each level, the smallest first. Yields the share of the work that is done.
    """
    order = torch.randperm(len(split), generator=torch.Generator().manual_seed(seed))[: 2 * pictures]
    x, y = split.batch(order)
    known = (answers(model, x).argmax(1) == y).nonzero().flatten()[:pictures]
    x, y, white = x[known], y[known], 255 * split.scale
    found: list[int | None] = [None] * len(known)
    left = torch.arange(len(known))
    for done, level in enumerate(levels[1:], 1):
        if len(left):
            changed = fooled(model, x[left], y[left], level * split.scale, white=white, steps=STEPS)
            gone = answers(model, changed).argmax(1) != y[left]
            for index in left[gone].tolist():
                found[index] = level
            left = left[~gone]
        yield done / (len(levels) - 1)
    return found


def middle(sizes: Sequence[int | None]) -> int | None:
    """The size that suffices for half of the pictures; None: more than was tried."""
    in_order = sorted(sizes, key=lambda size: float("inf") if size is None else size)
    return in_order[(len(in_order) - 1) // 2] if in_order else None
