"""The order in which pictures are taken, so that every class gets its share, or on purpose less."""

from collections.abc import Iterable

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


def thinned(order: Tensor, labels: Tensor, keep: Iterable[tuple[int, int]]) -> Tensor:
    """Leave only some pictures of some classes in `order`: of class `label` the first `percent` of a hundred.

    `order` are indices into `labels`, `(n,)`; `keep` are pairs (label, percent). What a smaller share keeps is part of
    what a larger one keeps; a share above 0 keeps at least one, and other classes are not touched.
    """
    stays = torch.ones(len(order), dtype=torch.bool)
    for label, percent in keep:
        places = (labels[order] == label).nonzero().flatten()
        count = max(round(len(places) * percent / 100), min(percent, 1))
        stays[places[count:]] = False
    return order[stays]
