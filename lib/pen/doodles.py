"""Doodles: ten kinds of little drawings that a person can redraw with a mouse, made by our own pen."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from lib.pen.nature import almond_fish, bare_tree, fish, leafy_tree, ribbon_fish, simple_fir, stepped_fir, tiered_fir
from lib.pen.shapes import (
    bumpy_ring,
    crossed_star,
    diamond,
    four_or_six_points,
    heart,
    heart_of_halves,
    outlined_star,
    ring,
    rounded_square,
    square,
    square_of_sides,
    star_of_lines,
    straight_heart,
    triangle,
    triangle_of_sides,
    turned_triangle,
    two_halves,
    two_triangles,
)
from lib.pen.strokes import Habits, Hand, Stroke, ink, place, shake
from lib.pen.things import (
    bare_house,
    bowl,
    cornered_mug,
    house,
    laughing,
    long_house,
    mug,
    outlined_house,
    round_eyed,
    smiley,
)


class Way(NamedTuple):
    """One way in which people draw a thing."""

    draw: Callable[[Hand], list[Stroke]]
    share: float  # of all who draw it, before all shares are made to add up to one
    thickest: float  # the thickest pen that its details bear, radius in pixels


class Kind(NamedTuple):
    """What one kind of drawing can look like."""

    habits: Habits
    ways: Sequence[Way]


KINDS: dict[str, Kind] = {
    "circle": Kind(
        Habits(0.6, stretch=0.3, bend=0.1),
        (Way(ring, 5, 2.1), Way(bumpy_ring, 2, 2.0), Way(two_halves, 1, 2.0)),
    ),
    "square": Kind(
        Habits(0.2, stretch=0.26),
        (Way(square, 4, 2.1), Way(rounded_square, 2, 1.9), Way(square_of_sides, 3, 1.9), Way(diamond, 0.8, 1.9)),
    ),
    "triangle": Kind(
        Habits(0.2, stretch=0.24),
        (Way(triangle, 5, 2.0), Way(triangle_of_sides, 2, 1.9), Way(turned_triangle, 1.2, 1.9)),
    ),
    "star": Kind(
        Habits(0.4),
        (
            Way(crossed_star, 4, 1.7),
            Way(star_of_lines, 1.5, 1.6),
            Way(outlined_star, 4, 1.7),
            Way(four_or_six_points, 1.2, 1.6),
            Way(two_triangles, 0.8, 1.5),
        ),
    ),
    "heart": Kind(Habits(0.28), (Way(heart, 4, 1.9), Way(heart_of_halves, 3, 1.9), Way(straight_heart, 2, 1.8))),
    "house": Kind(
        Habits(0.13),
        (
            Way(house, 5, 1.5),
            Way(outlined_house, 2, 1.6),
            Way(long_house, 1, 1.3),
            Way(bare_house, 2.5, 1.8),
        ),
    ),
    "smiley": Kind(
        Habits(0.22),
        (Way(smiley, 5, 1.6), Way(round_eyed, 2, 1.3), Way(laughing, 1.5, 1.4)),
    ),
    "fish": Kind(
        Habits(0.24),
        (
            Way(fish, 4, 1.6),
            Way(ribbon_fish, 3, 1.7),
            Way(almond_fish, 3, 1.6),
        ),
    ),
    "tree": Kind(
        Habits(0.14),
        (
            Way(leafy_tree, 4, 1.7),
            Way(stepped_fir, 2, 1.6),
            Way(tiered_fir, 2, 1.5),
            Way(simple_fir, 1.5, 1.8),
            Way(bare_tree, 1.5, 1.6),
        ),
    ),
    "cup": Kind(
        Habits(0.15),
        (Way(mug, 5, 1.7), Way(bowl, 2, 1.6), Way(cornered_mug, 1.5, 1.6)),
    ),
}
THINNEST = 0.45


def draw_doodles(count: int, seed: int) -> tuple[Tensor, Tensor]:
    """Draw `count` doodles, the kinds in turn: uint8 `(N, 1, 28, 28)` and int64 labels `(N,)`."""
    return draw_kinds(KINDS, count, seed, stray=1.2)


def draw_kinds(kinds: dict[str, Kind], count: int, seed: int, stray: float) -> tuple[Tensor, Tensor]:
    """Draw `count` pictures, the kinds in turn, each in all its ways: uint8 `(N, 1, 28, 28)`, int64 labels `(N,)`."""
    images = torch.empty(count, 1, 28, 28, dtype=torch.uint8)
    labels = torch.arange(count) % len(kinds)
    for label, (habits, ways) in enumerate(kinds.values()):
        mine = torch.arange(label, count, len(kinds))
        generator = torch.Generator().manual_seed(seed * len(kinds) + label)
        shares = torch.tensor([float(way.share) for way in ways])
        taken = torch.multinomial(shares, len(mine), replacement=True, generator=generator) if len(mine) else mine
        for number, way in enumerate(ways):
            these = mine[taken == number]
            if len(these):
                hand = Hand(len(these), generator)
                images[these] = _drawn(hand, way, habits, stray)
    return images, labels


def _drawn(hand: Hand, way: Way, habits: Habits, stray: float) -> Tensor:
    strokes = shake(hand, way.draw(hand), habits)
    radius, box = hand.uniform(THINNEST, way.thickest), hand.uniform(17.5, 21.3)
    return ink(hand, place(hand, strokes, radius, box, stray), radius)
