"""Shuffled batches from pictures in memory, the same ones for the same seed wherever the run was interrupted."""

import hashlib
from collections.abc import Iterator

import torch
from torch import Generator, Tensor
from torch.nn import functional

from lib.data import Split

# Pictures are gathered and scaled for several batches at once: one large copy beats many small ones.
_CHUNK_PICTURES = 2048
_SHIFT = 2  # pixels, each way


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
            x = shifted_and_flipped(x, generator_for(seed, epoch, chunk))
        skip = max(start - first, 0)
        parts = zip(torch.split(x, batch_size), torch.split(y, batch_size), strict=True)
        yield from list(parts)[skip:]


def generator_for(*key: int, device: torch.device | str = "cpu") -> Generator:
    """Make a generator of `device` whose numbers depend on `key` alone; nearby keys give unrelated numbers."""
    digest = hashlib.blake2b(repr(key).encode(), digest_size=8).digest()
    return Generator(device).manual_seed(int.from_bytes(digest) >> 1)


def shifted_and_flipped(x: Tensor, generator: Generator) -> Tensor:
    """Move each picture of `x` `(N, C, H, W)` by up to 2 pixels each way, zeros moving in, and mirror half of them."""
    count, _, height, width = x.shape
    padded = functional.pad(x, (_SHIFT,) * 4)
    top, left = torch.randint(0, 2 * _SHIFT + 1, (2, count), generator=generator)
    mirrored = torch.rand(count, generator=generator) < 0.5  # drawn like the moves on the CPU: alike on every device
    rows = top[:, None] + torch.arange(height)
    columns = left[:, None] + torch.where(mirrored[:, None], torch.arange(width - 1, -1, -1), torch.arange(width))
    picture, rows, columns = (index.to(x.device) for index in (torch.arange(count), rows, columns))
    return padded[picture[:, None, None], :, rows[:, :, None], columns[:, None, :]].permute(0, 3, 1, 2).contiguous()
