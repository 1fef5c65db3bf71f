"""Doodles: ten kinds of little drawings that a person can redraw with a mouse, made by our own pen."""

import math
from collections.abc import Callable

import torch
from torch import Tensor

from lib.data.strokes import Hand, Stroke, arc, closed, ink, path, place, shake

TAU = math.tau


def circle(hand: Hand) -> list[Stroke]:
    """Draw one round, not quite closed or a little past the start."""
    sweep = hand.side() * TAU * hand.uniform(0.93, 1.06)
    return [Stroke(arc(hand, (0, 0), (1, 1), hand.uniform(-2.6, -0.6), sweep, 28, loose=0.09))]


def square(hand: Hand) -> list[Stroke]:
    """Draw four sides in one go."""
    return [Stroke(closed(hand, [(-1, -1), (1, -1), (1, 1), (-1, 1)], loose=0.1))]


def triangle(hand: Hand) -> list[Stroke]:
    """Draw three sides, point up."""
    return [Stroke(closed(hand, [(0, -1), (1.05, 0.8), (-1.05, 0.8)], loose=0.13, steps=6))]


def star(hand: Hand) -> list[Stroke]:
    """Draw five points: in one go through the middle, or as an outline."""
    points = [(math.sin(TAU * k / 5), -math.cos(TAU * k / 5)) for k in range(5)]
    dents = [(0.42 * math.sin(TAU * (k + 0.5) / 5), -0.42 * math.cos(TAU * (k + 0.5) / 5)) for k in range(5)]
    crossed = hand.chance(0.55)
    in_one_go = [points[k] for k in (3, 0, 2, 4, 1)]
    outline = [corner for pair in zip(points, dents, strict=True) for corner in pair]
    return [
        Stroke(closed(hand, in_one_go, loose=0.1), crossed),
        Stroke(closed(hand, outline, loose=0.07, steps=3), ~crossed),
    ]


def heart(hand: Hand) -> list[Stroke]:
    """Draw two bows that meet in a dip above and a point below."""
    t = torch.linspace(0, 1, 34) * TAU * hand.uniform(0.96, 1.02, 1)
    depth, point = hand.uniform(0.8, 1.5, 1), hand.uniform(0.9, 1.25, 1)
    x = t.sin().pow(3)
    y = -(13 * t.cos() - 5 * depth * (2 * t).cos() - 2 * (3 * t).cos() - (4 * t).cos()) / 16
    y = torch.where(y > 0, y * point, y)
    return [Stroke(torch.stack([x * hand.side()[:, None], y], dim=-1))]


def house(hand: Hand) -> list[Stroke]:
    """Draw walls, a roof and a door; some have a window or a chimney."""
    window, chimney = hand.chance(0.5), hand.chance(0.4)
    door = hand.uniform(-0.45, 0.1, 1, 1) * torch.tensor([1.0, 0.0])
    return [
        Stroke(closed(hand, [(-0.8, -0.1), (-0.8, 1), (0.8, 1), (0.8, -0.1)], loose=0.07, steps=4)),
        Stroke(path(hand, [(-1, -0.05), (0, -1), (1, -0.05)], loose=0.08, steps=4)),
        Stroke(path(hand, [(0, 1), (0, 0.4), (0.36, 0.4), (0.36, 1)], loose=0.05, steps=3) + door),
        Stroke(closed(hand, [(0.4, 0.2), (0.68, 0.2), (0.68, 0.5), (0.4, 0.5)], loose=0.04, steps=2), window),
        Stroke(path(hand, [(0.42, -0.62), (0.42, -1), (0.68, -1), (0.68, -0.4)], loose=0.05, steps=2), chimney),
    ]


def smiley(hand: Hand) -> list[Stroke]:
    """Draw a round face, two eyes and a smile; some have a nose."""
    sweep = hand.side() * TAU * hand.uniform(0.94, 1.05)
    eye, eyes = hand.uniform(0.0, 0.2).reshape(-1, 1, 1), hand.uniform(-0.38, -0.22, 1, 1) * torch.tensor([0.0, 1.0])
    upright = torch.tensor([[0.0, -0.5], [0.0, 0.5]])
    wide, deep = hand.uniform(0.42, 0.6, 1, 1), hand.uniform(0.25, 0.5, 1, 1)
    smile = arc(hand, (0, 0), (1, 1), hand.uniform(0.0, 0.25), hand.uniform(2.6, 3.1), 12)
    return [
        Stroke(arc(hand, (0, 0), (1, 1), hand.uniform(-2.6, -0.6), sweep, 26, loose=0.05)),
        Stroke(upright * eye + eyes + torch.tensor([-0.36, 0.0]) + hand.uniform(-0.06, 0.06, 1, 2)),
        Stroke(upright * eye + eyes + torch.tensor([0.36, 0.0]) + hand.uniform(-0.06, 0.06, 1, 2)),
        Stroke(smile * torch.cat([wide, deep], dim=2) + torch.tensor([0.0, 0.18])),
        Stroke(path(hand, [(0, -0.05), (0.02, 0.12)], loose=0.04, steps=1), hand.chance(0.25)),
    ]


def fish(hand: Hand) -> list[Stroke]:
    """Draw a body, a tail and an eye; or a body that crosses into its tail in one go. Some have a fin."""
    ribbon = hand.chance(0.4)
    fat = hand.uniform(0.46, 0.66, 1)
    body = arc(hand, (-0.25, 0), (0.78, 1), 0.0, TAU * hand.uniform(0.97, 1.02), 24, loose=0.05)
    tail = closed(hand, [(0.48, 0), (1.05, -0.42), (1.0, 0.42)], loose=0.08, steps=3)
    t = torch.linspace(0, 1, 26)
    # From the upper tip of the tail under the body, round the nose, back over it to the lower tip.
    x = torch.where(t < 0.5, 1 - 4 * t, 4 * t - 3)
    y = (x * math.pi / 2.2 - 0.72).sin() * torch.where(t < 0.5, -1.0, 1.0) * (1 + x).clamp(0, 0.5) * 2
    loop = torch.stack([x.expand(hand.count, -1), y * fat * 0.95], dim=-1)
    eye = torch.tensor([[-0.62, -0.14], [-0.6, -0.14]]) + hand.uniform(-0.05, 0.05, 1, 2)
    flat = torch.stack([torch.ones_like(fat), fat], dim=-1)
    return [
        Stroke(body * flat, ~ribbon),
        Stroke(tail, ~ribbon),
        Stroke(loop, ribbon),
        Stroke(eye, hand.chance(0.85)),
        Stroke(arc(hand, (-0.3, 0.0), (0.16, 0.26), -1.2, 2.4, 7), hand.chance(0.3)),
    ]


def tree(hand: Hand) -> list[Stroke]:
    """Draw a trunk under a leafy crown, or under the steps of a fir."""
    fir = hand.chance(0.45)
    bumps = hand.uniform(0.04, 0.14, 1)
    turn = torch.linspace(0, 1, 36) * TAU + math.pi / 2
    puff = 1 + bumps * (turn * 7 + hand.uniform(0, TAU, 1)).sin().abs() * 2 - bumps
    crown = torch.stack([turn.cos() * 0.82, turn.sin() * 0.62], dim=-1) * puff[..., None] + torch.tensor([0.0, -0.38])
    tiers = [(0, -1), (0.45, -0.4), (0.2, -0.42), (0.65, 0.1), (0.3, 0.08), (0.85, 0.6)]
    fir_tree = closed(hand, [*tiers, *[(-x, y) for x, y in reversed(tiers[1:])]], loose=0.05, steps=2)
    half = hand.uniform(0.1, 0.2, 1, 1) * torch.tensor([1.0, 0.0])
    trunk = path(hand, [(0, 0.22), (0, 1)], loose=0.05, steps=4)
    stub = path(hand, [(-0.16, 0.62), (-0.16, 1), (0.16, 1), (0.16, 0.62)], loose=0.05, steps=2)
    return [
        Stroke(crown, ~fir),
        Stroke(trunk - half, ~fir),
        Stroke(trunk + half, ~fir),
        Stroke(fir_tree, fir),
        Stroke(stub, fir),
    ]


def cup(hand: Hand) -> list[Stroke]:
    """Draw a mug with one ear; some have a round rim, some steam."""
    rim, steam = hand.chance(0.5), hand.chance(0.45)
    mug = path(hand, [(-0.75, -0.55), (-0.64, 0.9), (0.64, 0.9), (0.75, -0.55)], loose=0.06, steps=5)
    mug[..., 0] *= 1 - hand.uniform(-0.12, 0.2, 1) * (mug[..., 1] + 0.55)
    wave = torch.linspace(0, 1, 8)
    curl = torch.stack([0.09 * (wave * TAU).sin(), -0.7 - 0.36 * wave], dim=-1) + hand.uniform(-0.05, 0.05, 1, 2)
    return [
        Stroke(mug),
        Stroke(path(hand, [(-0.75, -0.55), (0.75, -0.55)], loose=0.05), ~rim),
        Stroke(arc(hand, (0, -0.55), (0.75, 0.17), math.pi, TAU, 18, loose=0.04), rim),
        Stroke(arc(hand, (0.66, 0.12), (0.44, 0.42), -1.7, 3.3, 12)),
        Stroke(curl + torch.tensor([-0.25, 0.0]), steam),
        Stroke(curl + torch.tensor([0.25, 0.0]), steam),
    ]


# How each kind is drawn, how far it tilts (radians) and the thickest pen its details bear (radius in pixels).
KINDS: dict[str, tuple[Callable[[Hand], list[Stroke]], float, float]] = {
    "circle": (circle, 3.1, 1.7),
    "square": (square, 0.16, 1.7),
    "triangle": (triangle, 0.2, 1.6),
    "star": (star, 0.3, 1.4),
    "heart": (heart, 0.22, 1.6),
    "house": (house, 0.12, 1.15),
    "smiley": (smiley, 0.2, 1.3),
    "fish": (fish, 0.22, 1.25),
    "tree": (tree, 0.12, 1.3),
    "cup": (cup, 0.14, 1.3),
}
THINNEST = 0.65


def draw_doodles(count: int, seed: int) -> tuple[Tensor, Tensor]:
    """Draw `count` doodles, the kinds in turn: uint8 `(N, 1, 28, 28)` and int64 labels `(N,)`."""
    images = torch.empty(count, 1, 28, 28, dtype=torch.uint8)
    labels = torch.arange(count) % len(KINDS)
    for label, (draw, tilt, thickest) in enumerate(KINDS.values()):
        mine = slice(label, count, len(KINDS))
        hand = Hand(len(labels[mine]), torch.Generator().manual_seed(seed * len(KINDS) + label))
        strokes = shake(hand, draw(hand), tilt)
        radius, box = hand.uniform(THINNEST, thickest), hand.uniform(17.5, 21.3)
        images[mine] = ink(place(hand, strokes, radius, box, stray=1.2), radius)
    return images, labels
