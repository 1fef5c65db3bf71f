"""The order in which pictures are taken, so that every class gets its share."""

import torch
from torch import Tensor


def balanced_order(labels: Tensor, generator: torch.Generator) -> Tensor:
    """Order all pictures so that any stretch of the order holds the classes as evenly as it can.

    `labels` is int64 `(N,)`; returns indices `(N,)`. Within a class the order is random; the classes take turns,
    and when one runs out the others go on without it.
    """
    count = len(labels)
    shuffled = torch.randperm(count, generator=generator)
    by_class = shuffled[labels[shuffled].argsort(stable=True)]
    sizes = torch.bincount(labels)
    first = sizes.cumsum(0) - sizes
    turn = torch.arange(count) - first[labels[by_class]]
    seat = torch.randperm(len(sizes), generator=generator)
    return by_class[(turn * len(sizes) + seat[labels[by_class]]).argsort()]
