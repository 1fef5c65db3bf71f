"""Which pictures are held out and in which order the others are taken: every class keeps its share."""

from collections.abc import Iterable, Sequence

import torch
from torch import Tensor


def held_out_counts(counts: Sequence[int], fraction: float, bursts: Sequence[Sequence[int]] = ()) -> list[int]:
    """How many of each class's `counts` pictures are held out: its share, at least one, never its last one.

    Pictures that are nearly the same are held out together or not at all; `bursts` are the sizes of such groups, class
    by class. Then a class may miss its share a little, and one that is a single burst holds nothing out.
    """
    found = []
    for label, count in enumerate(counts):
        wanted = max(1, round(count * fraction)) if fraction else 0
        large = sorted(bursts[label]) if bursts else []
        single = count - sum(large)
        taken = max(0, min(wanted, single if large else single - 1))
        for size in large[:-1] if wanted else ():
            if taken and taken + size - wanted > wanted - taken:
                break
            taken += size
        found.append(taken)
    return found


def burst_sizes(labels: Tensor, alike: Tensor) -> list[list[int]]:
    """The sizes of the groups in `alike` that are larger than one, class by class; both are int64 `(N,)`."""
    sizes = [torch.bincount(alike[labels == label]) for label in range(int(labels.max()) + 1)]
    return [sorted(each[each > 1].tolist()) for each in sizes]


def cut(
    labels: Tensor, fraction: float, generator: torch.Generator, alike: Tensor | None = None
) -> tuple[Tensor, Tensor]:
    """Hold out `fraction` of every class, and order the rest so that any beginning of it has every class's share.

    `labels` is int64 `(N,)`; returns two tensors of indices. Within a class the choice is random; the order begins with
    one picture of each class. Pictures with the same number in `alike`, int64 `(N,)`, are nearly the same and of one
    class: they stay together, and the most single ones are held out.
    """
    count, sizes = len(labels), torch.bincount(labels)
    first = sizes.cumsum(0) - sizes
    shuffled = torch.randperm(count, generator=generator)
    bursts: list[list[int]] = []
    if alike is not None and count:
        bursts = burst_sizes(labels, alike)
        group, members = alike[shuffled], torch.bincount(alike)
        opens = torch.full((len(members),), count).scatter_reduce(0, group, torch.arange(count), "amin")
        shuffled = shuffled[(members * count + opens)[group].argsort(stable=True)]
    by_class = shuffled[labels[shuffled].argsort(stable=True)]
    label = labels[by_class]
    seat = torch.randperm(len(sizes), generator=generator)
    held = torch.tensor(held_out_counts(sizes.tolist(), fraction, bursts), dtype=torch.int64)
    turn = torch.arange(count) - first[label] - held[label]
    position = (turn + (seat[label] + 0.5) / len(sizes)) / (sizes - held)[label].double()
    position[turn == 0] -= 1
    rest = turn >= 0
    return by_class[~rest], by_class[rest][position[rest].argsort(stable=True)]


def balanced_order(labels: Tensor, generator: torch.Generator) -> Tensor:
    """Order all pictures so that any beginning of the order has every class's share; indices `(N,)`."""
    return cut(labels, 0.0, generator)[1]


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
