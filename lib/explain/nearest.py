"""The training pictures that a net finds most like one picture: those whose last hidden activations lie nearest."""

from collections.abc import Generator
from copy import deepcopy
from dataclasses import dataclass, field
from typing import cast

import torch
from torch import Tensor, nn

from lib.datasets import Split, spread
from lib.models.modes import evaluating

MOST_BYTES = 64_000_000  # of activations; a net with a wide last layer is asked about fewer pictures
_CHUNK = 100  # pictures at once: also in a large net their maps take little memory, and Cancel is heard soon


@dataclass(frozen=True)
class Neighbours:
    """What a net answered, just before its class layer, to pictures of a split."""

    net: nn.Module = field(repr=False)  # the net without its class layer, a copy of that moment
    pictures: Tensor = field(repr=False)  # (n,) which pictures of the split, in order
    activations: Tensor = field(repr=False)  # (n, units)
    of: int  # pictures in the split

    def __len__(self) -> int:
        return len(self.pictures)

    @property
    def bytes(self) -> int:
        """What the activations take in memory."""
        return self.activations.numel() * self.activations.element_size()

    def nearest(self, x: Tensor, count: int) -> list[tuple[int, float]]:
        """Give `count` pictures by their number in the split, with their Euclidean distance, the nearest first.

        `x` is one picture, `(C, H, W)` or `(1, C, H, W)`.
        """
        here = last_hidden(self.net, x[None] if x.dim() == 3 else x)
        if len(here) != 1:
            raise ValueError(f"Neighbours are found for one picture at a time, not {len(here)}.")
        # Without the shortcut by a product of matrices, which loses the small distances to rounding.
        distances = torch.cdist(here, self.activations, compute_mode="donot_use_mm_for_euclid_dist")[0].nan_to_num(
            torch.inf
        )
        found = distances.topk(min(count, len(self)), largest=False)
        return list(zip(self.pictures[found.indices].tolist(), found.values.tolist(), strict=True))


def last_hidden(net: nn.Module, x: Tensor) -> Tensor:
    """Give what `net`, which has no class layer, answers to pictures `x` `(N, C, H, W)`, in rows `(N, units)`."""
    with torch.no_grad(), evaluating(net):
        return cast(Tensor, net(x)).flatten(1).float()


def neighbours(model: nn.Sequential, split: Split, most_bytes: int = MOST_BYTES) -> Generator[float, None, Neighbours]:
    """Ask `model` about the pictures of `split`: all, or as many, evenly spread, as fit into `most_bytes`.

    Yields the share of the work that is done, 0..1; closing it is a clean stop. The model is copied first and may
    learn on meanwhile.
    """
    net = deepcopy(model[:-1]).cpu().eval()
    x, _ = split.batch(slice(0, 1))
    units = last_hidden(net, x.cpu()).shape[1]
    pictures = spread(len(split), max(1, most_bytes // (4 * units)))
    total = len(pictures)
    activations = torch.empty(total, units)
    for start in range(0, total, _CHUNK):
        x, _ = split.batch(pictures[start : start + _CHUNK])
        activations[start : start + _CHUNK] = last_hidden(net, x.cpu())
        yield min(start + _CHUNK, total) / total
    return Neighbours(net, pictures, activations, len(split))
