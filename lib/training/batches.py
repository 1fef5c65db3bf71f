"""Shuffled batches from pictures in memory, the same ones for the same seed wherever the run was interrupted."""

import hashlib
from collections.abc import Iterator

import torch
from torch import Generator, Tensor
from torch.nn import functional

from lib.datasets import Split

# Pictures are gathered and scaled for several batches at once: one large copy beats many small ones.
_CHUNK_PICTURES = 2048
# How far augmentation goes, each way.
_SHIFT = 2  # pixels
_TILT = 0.17  # radians
_STRETCH = 0.12  # of the logarithm of the size


def steps_per_epoch(pictures: int, batch_size: int) -> int:
    """Iterations in one pass; the last batch may be smaller (60,000 / 32 -> 1,875; 10,000 / 32 -> 313)."""
    return -(-pictures // batch_size)


def epoch_batches(
    split: Split, batch_size: int, seed: int, epoch: int, *, augment: bool, start: int = 0
) -> Iterator[tuple[Tensor, Tensor]]:
    """Yield `(x, y)` for every batch of one shuffled pass, from batch number `start` (0 = the first).

    Order and augmentation depend only on `seed`, `epoch` and the position, so a resumed epoch continues exactly.
    """
    order = torch.randperm(len(split), generator=generator_for(seed, epoch))
    per_chunk = max(1, _CHUNK_PICTURES // batch_size)
    for chunk in range(start // per_chunk, -(-steps_per_epoch(len(split), batch_size) // per_chunk)):
        first = chunk * per_chunk
        x, y = split.batch(order[first * batch_size : (first + per_chunk) * batch_size])
        if augment:
            x = varied(x, generator_for(seed, epoch, chunk), mirror=split.mirrors)
        skip = max(start - first, 0)
        parts = zip(torch.split(x, batch_size), torch.split(y, batch_size), strict=True)
        yield from list(parts)[skip:]


def generator_for(*key: int, device: torch.device | str = "cpu") -> Generator:
    """Make a generator of `device` whose numbers depend on `key` alone; nearby keys give unrelated numbers."""
    digest = hashlib.blake2b(repr(key).encode(), digest_size=8).digest()
    return Generator(device).manual_seed(int.from_bytes(digest) >> 1)


def varied(x: Tensor, generator: Generator, *, mirror: bool) -> Tensor:
    """Tilt, slant, stretch and move each picture of `x` `(N, C, H, W)` a little; `mirror` half of them.

    By up to 10 degrees, as much slant, an eighth of the size and 2 pixels each way, every picture for itself. Zeros
    move in; values between pixels are interpolated. (Simard et al. 2003.)
    """
    count, _, height, width = x.shape

    def within(most: float) -> Tensor:
        return (2 * torch.rand(count, generator=generator) - 1) * most

    tilt, slant, wide, high = within(_TILT), within(_TILT), within(_STRETCH).exp(), within(_STRETCH).exp()
    right, down = within(2 * _SHIFT / width), within(2 * _SHIFT / height)  # of a grid that goes from -1 to 1
    side = torch.where(torch.rand(count, generator=generator) < 0.5, -1.0, 1.0) if mirror else torch.ones(count)
    shape = height / width
    # For each pixel the place in the old picture that its value comes from.
    across = torch.stack([tilt.cos() * wide * side, (slant - tilt.sin()) * high * shape, right], dim=1)
    along = torch.stack([tilt.sin() * wide * side / shape, tilt.cos() * high, down], dim=1)
    places = torch.stack([across, along], dim=1).to(x.device)  # drawn on the CPU: alike on every device
    grid = functional.affine_grid(places, list(x.shape), align_corners=False)
    return functional.grid_sample(x, grid, align_corners=False)
