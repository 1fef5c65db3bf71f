"""Pictures that come twice: exact doubles, and those of a burst, which differ by a hand's tremble."""

from collections.abc import Sequence
from typing import Final, Literal

import torch
from torch import Tensor
from torch.nn import functional

# Pictures are compared as means over blocks of so many pixels, so that a shift by a pixel hardly counts.
_BLOCK: Final[dict[Literal["photo", "drawing"], int]] = {"photo": 4, "drawing": 2}
# They are nearly the same if they differ by less than this share of their own contrast. Measured: of photos taken from
# the hand one after the other 93 % of all pairs, of other views of the same scenes 0.2 %; of one drawing photographed
# again and again 85 %, of other drawings of its kind below 4 %.
_NEAR: Final[dict[Literal["photo", "drawing"], float]] = {"photo": 0.35, "drawing": 0.3}
_FLAT = 4.0  # levels of contrast below which a picture counts as having so much
_LIGHTER = 30.0  # levels by which one may be lighter than the other in any colour


def without_doubles(classes: Sequence[Sequence[Tensor]]) -> tuple[list[list[Tensor]], list[int]]:
    """Keep each picture where it comes first, whatever its class: `(pictures, how many were left out)`, by class."""
    seen: set[bytes] = set()
    kept: list[list[Tensor]] = []
    for pictures in classes:
        kept.append([])
        for picture in pictures:
            content = picture.numpy().tobytes()
            if content not in seen:
                seen.add(content)
                kept[-1].append(picture)
    return kept, [len(before) - len(after) for before, after in zip(classes, kept, strict=True)]


def nearly_equal(classes: Sequence[Sequence[Tensor]], kind: Literal["photo", "drawing"]) -> tuple[Tensor, list[int]]:
    """Number the pictures so that those with the same number are nearly the same, or linked by others that are.

    classes: of each class uint8 `(C, H, W)`; returns int64 `(N,)`, in their order, where a number never spans two
    classes; and the classes that are one picture altogether, more or less. These are numbered one by one: otherwise
    nothing of them could be held out.
    """
    from scipy.sparse.csgraph import connected_components  # type: ignore[import-untyped]  # a while to import

    numbers: list[Tensor] = []
    still: list[int] = []
    so_far = 0
    for label, pictures in enumerate(classes):
        if not pictures:
            continue
        count, found = connected_components(_near(torch.stack(list(pictures)), kind).numpy(), directed=False)
        numbers.append((torch.from_numpy(found).long() if count > 1 else torch.arange(len(pictures))) + so_far)
        still += [label] if count == 1 < len(pictures) else []
        so_far += len(pictures)
    return (torch.cat(numbers) if numbers else torch.zeros(0, dtype=torch.int64)), still


def _near(images: Tensor, kind: Literal["photo", "drawing"]) -> Tensor:
    """Which of uint8 `(N, C, H, W)` are nearly the same, bool `(N, N)`."""
    blocks = functional.avg_pool2d(images.float(), _BLOCK[kind])
    level = blocks.mean(dim=(2, 3))
    shape = (blocks - level[:, :, None, None]).flatten(1)
    scale = shape.shape[1] ** 0.5
    contrast = (shape.norm(dim=1) / scale).clamp_min(_FLAT)
    apart = (
        torch.cdist(shape, shape, compute_mode="donot_use_mm_for_euclid_dist")
        / scale
        / torch.maximum(contrast[:, None], contrast[None])
    )
    lighter = (level[:, None] - level[None]).abs().amax(dim=2)
    return torch.logical_and(apart <= _NEAR[kind], lighter <= _LIGHTER)
