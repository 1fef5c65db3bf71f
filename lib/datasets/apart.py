"""Test pictures that this process keeps apart: no page, run or file has them, only who asks for them by name.

A class's leaderboard is measured on them. Which ones they are is decided once, by a seed that the home alone knows;
every class of pictures gives its share. Data sets of one's own keep nothing apart: who made them has seen everything.
"""

import torch
from torch import Tensor

from lib.datasets.balance import balanced_order

SHARE = 4  # one of so many test pictures

_seeds: list[int] = []


def keep_apart(seed: int | None) -> None:
    """From now on every data set that is loaded lacks these test pictures; None: none of them any more."""
    _seeds[:] = [] if seed is None else [seed]


def apart_seed() -> int | None:
    """By what they were chosen; None while nothing is kept apart."""
    return _seeds[0] if _seeds else None


def count_apart(test_count: int) -> int:
    """How many of so many test pictures are kept apart just now."""
    return test_count // SHARE if _seeds else 0


def parted(labels: Tensor, seed: int) -> tuple[Tensor, Tensor]:
    """Places of the test pictures that stay, and of those kept apart, in order, by labels `(N,)`."""
    order = balanced_order(labels, torch.Generator().manual_seed(seed))
    cut = len(labels) // SHARE
    return order[cut:].sort().values, order[:cut].sort().values
