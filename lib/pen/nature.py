"""The doodles of what is alive: fish and tree, in the ways that people draw them."""

import math

import torch

from lib.pen.strokes import Hand, Stroke, arc, closed, path, swing

TAU = math.tau
_ACROSS, _DOWN = torch.tensor([1.0, 0.0]), torch.tensor([0.0, 1.0])


def _fish_details(hand: Hand) -> list[Stroke]:
    """An eye, and on some a gill, fins and a mouth."""
    eye = torch.tensor([[-0.62, -0.12], [-0.6, -0.12]]) + hand.uniform(-0.06, 0.06, 1, 2)
    fin = path(hand, [(-0.35, -0.5), (-0.1, -0.85), (0.1, -0.42)], loose=0.08, steps=2)
    return [
        Stroke(eye, hand.chance(0.85)),
        Stroke(arc(hand, (-0.38, 0.0), (0.14, 0.3), -1.2, 2.4, 6), hand.chance(0.3)),
        Stroke(fin, hand.chance(0.2)),
        Stroke(fin * torch.tensor([1.0, -1.0]), hand.chance(0.12)),
        Stroke(path(hand, [(-1.0, 0.08), (-0.8, 0.12)], loose=0.05, steps=1), hand.chance(0.2)),
    ]


def fish(hand: Hand) -> list[Stroke]:
    """Draw an oval body and a tail of three sides, forked or round."""
    fat, forked = hand.uniform(0.38, 0.72, 1), hand.uniform(-0.05, 0.3, 1)
    body = arc(hand, (-0.25, 0), (0.78, 1), hand.uniform(0, TAU), TAU * hand.uniform(0.97, 1.05), 22, loose=0.05)
    tail = closed(hand, [(0.45, 0), (1.05, -0.45), (1.02, 0), (1.05, 0.45)], loose=0.07, steps=2)
    x, y = tail.unbind(-1)
    x = x - forked * (1 - y.abs() / 0.45).clamp(0, 1) * (x > 0.75)
    flat = torch.stack([torch.ones_like(fat), fat], dim=-1)
    return [Stroke(body * flat), Stroke(torch.stack([x, y], dim=-1)), *_fish_details(hand)]


def ribbon_fish(hand: Hand) -> list[Stroke]:
    """Draw a body that crosses into its tail in one go, the tail open or closed."""
    fat = hand.uniform(0.4, 0.7, 1)
    t = torch.linspace(0, 1, 26)
    # From the upper tip of the tail under the body, round the nose, back over it to the lower tip.
    x = torch.where(t < 0.5, 1 - 4 * t, 4 * t - 3)
    y = (x * math.pi / 2.2 - 0.72).sin() * torch.where(t < 0.5, -1.0, 1.0) * (1 + x).clamp(0, 0.5) * 2
    loop = torch.stack([x.expand(hand.count, -1), y * fat * 0.95], dim=-1)
    ends = torch.stack([loop[:, 0], (loop[:, 0] + loop[:, -1]) / 2 + hand.uniform(-0.15, 0.05, 2), loop[:, -1]], dim=1)
    return [Stroke(loop), Stroke(ends, hand.chance(0.45)), *_fish_details(hand)]


def almond_fish(hand: Hand) -> list[Stroke]:
    """Draw two bows that meet in a point, or cross, and an open or a closed tail."""
    fat, closes = hand.uniform(0.7, 1.4, 1, 1), hand.chance(0.6)
    bow = [(-1, 0), (-0.7, -0.3), (-0.25, -0.44), (0.2, -0.3), (0.55, 0.0)]
    sides = [swing(hand, [(x, side * y) for x, y in bow], loose=0.05) * (_ACROSS + fat * _DOWN) for side in (1, -1)]
    tail = path(hand, [(0.52, 0), (1, -0.42), (0.98, 0.42), (0.52, 0)], loose=0.08, steps=3)
    fork = path(hand, [(1, -0.42), (0.52, 0), (1, 0.42)], loose=0.08, steps=3)
    return [*map(Stroke, sides), Stroke(tail, closes), Stroke(fork, ~closes), *_fish_details(hand)]


def leafy_tree(hand: Hand) -> list[Stroke]:
    """Draw a trunk under a crown, round, bumpy or wide; some have branches, apples or ground."""
    wide, high, middle = hand.uniform(0.62, 1.0, 1), hand.uniform(0.5, 0.72, 1), hand.uniform(-0.45, -0.28, 1)
    bumps = hand.uniform(0.0, 0.16, 1)
    turn = torch.linspace(0, 1, 36) * TAU * hand.uniform(0.96, 1.04, 1) + math.pi / 2
    number = torch.randint(5, 10, (hand.count, 1), generator=hand.generator)
    puff = 1 + bumps * ((turn * number / 2 + hand.uniform(0, TAU, 1)).sin().abs() * 2 - 1)
    crown = torch.stack([turn.cos() * wide * puff, turn.sin() * high * puff + middle], dim=-1)
    half, flare = hand.uniform(0.07, 0.24, 1, 1) * _ACROSS, hand.uniform(0, 0.12, 1, 1) * _ACROSS
    bottom = torch.linspace(0, 1, 5)[:, None] ** 2
    trunk = path(hand, [(0, 0.18), (0, 1)], loose=0.05, steps=4)
    apples = [torch.tensor([[x, y], [x + 0.02, y + 0.02]]) + hand.uniform(-0.12, 0.12, 1, 2)
              for x, y in ((-0.35, -0.4), (0.1, -0.6), (0.35, -0.25))]  # fmt: skip
    fruit = hand.chance(0.15)
    return [
        Stroke(crown),
        Stroke(trunk - half - flare * bottom),
        Stroke(trunk + half + flare * bottom),
        Stroke(path(hand, [(-0.14, 1), (0.14, 1)], loose=0.05, steps=1), hand.chance(0.3)),
        Stroke(path(hand, [(-0.35, -0.3), (0, 0.1), (0.3, -0.35)], loose=0.1, steps=3), hand.chance(0.2)),
        *(Stroke(apple, fruit) for apple in apples),
        Stroke(path(hand, [(-0.7, 1), (0.7, 1)], loose=0.06, steps=2), hand.chance(0.12)),
    ]


def _stub(hand: Hand, top: float) -> Stroke:
    half = hand.uniform(0.5, 1.4, 1, 1)
    trunk = path(hand, [(-0.14, top), (-0.14, 1), (0.14, 1), (0.14, top)], loose=0.04, steps=2)
    return Stroke(trunk * (half * _ACROSS + _DOWN))


def stepped_fir(hand: Hand) -> list[Stroke]:
    """Draw the jagged outline of a fir, and a stub of a trunk."""
    tiers = [(0, -1), (0.42, -0.42), (0.2, -0.42), (0.64, 0.1), (0.3, 0.1), (0.86, 0.6)]
    outline = closed(hand, [*tiers, *[(-x, y) for x, y in reversed(tiers[1:])]], loose=0.06, steps=2)
    return [Stroke(outline * (hand.uniform(0.75, 1.15, 1, 1) * _ACROSS + _DOWN)), _stub(hand, 0.62)]


def tiered_fir(hand: Hand) -> list[Stroke]:
    """Draw two or three triangles that stand on each other, and a stub of a trunk."""
    wide, third = hand.uniform(0.75, 1.15, 1, 1) * _ACROSS + _DOWN, hand.chance(0.6)
    tiers = ([(0, -1), (0.4, -0.3), (-0.4, -0.3)], [(0, -0.5), (0.6, 0.15), (-0.6, 0.15)],
             [(0, -0.1), (0.8, 0.66), (-0.8, 0.66)])  # fmt: skip
    drawn = [closed(hand, list(tier), loose=0.06, steps=3) * wide for tier in tiers]
    low = _stub(hand, 0.66)
    short = torch.where(third[:, None, None], low.points, low.points - 0.45 * _DOWN)
    return [Stroke(drawn[0]), Stroke(drawn[1]), Stroke(drawn[2], third), Stroke(short)]


def simple_fir(hand: Hand) -> list[Stroke]:
    """Draw one tall triangle, or an oval, on a trunk."""
    pointed = hand.chance(0.65)
    crown = closed(hand, [(0, -1), (0.7, 0.5), (-0.7, 0.5)], loose=0.08, steps=6)
    oval = arc(hand, (0, -0.3), (0.45, 0.75), math.pi / 2, TAU * 1.0, 20, loose=0.05)
    return [Stroke(crown, pointed), Stroke(oval, ~pointed), _stub(hand, 0.5)]


def bare_tree(hand: Hand) -> list[Stroke]:
    """Draw a stem with branches that go up, or, as a fir's, down."""
    down = hand.uniform(-0.35, 0.45, 1, 1) * _DOWN
    strokes = [Stroke(path(hand, [(0, -1), (0, 1)], loose=0.05, steps=6))]
    for height, reach in ((-0.62, 0.32), (-0.22, 0.55), (0.2, 0.72)):
        for side in (-1, 1):
            branch = path(hand, [(0, height), (side * reach, height + 0.1)], loose=0.08, steps=3)
            strokes.append(Stroke(branch + down * torch.linspace(0, 1, 4)[:, None]))
    return strokes
