"""Strokes of a shaky hand, many doodles at a time: how points are laid, bent, placed and inked.

Points are `(N, P, 2)` tensors: N doodles drawn at once, P points along one stroke, x to the right and y down,
each doodle in about the square from -1 to 1. All chance comes from the `Hand`, so one seed gives one picture.
"""

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

Floats = np.ndarray[tuple[int, ...], np.dtype[np.float32]]

CANVAS = 28
_FEW = 64  # doodles inked at a time, so that they stay in the processor's cache
FAR = 1e3  # where strokes that a doodle does without are parked


@dataclass(frozen=True)
class Hand:
    """The chance in `count` doodles drawn side by side."""

    count: int
    generator: torch.Generator

    def uniform(self, low: float, high: float, *shape: int) -> Tensor:
        """Draw numbers between `low` and `high`, shape `(N, *shape)`."""
        return torch.rand(self.count, *shape, generator=self.generator) * (high - low) + low

    def chance(self, probability: float) -> Tensor:
        """Toss a coin for each doodle, shape `(N,)`."""
        return self.uniform(0, 1) < probability

    def side(self) -> Tensor:
        """Pick -1 or 1 for each doodle, shape `(N,)`."""
        return self.chance(0.5) * 2.0 - 1.0


class Stroke(NamedTuple):
    """One pen movement of every doodle; `drawn` says which doodles have it."""

    points: Tensor  # (N, P, 2)
    drawn: Tensor | None = None  # (N,) bool; None: all


def path(hand: Hand, corners: list[tuple[float, float]], loose: float = 0.08, steps: int = 5) -> Tensor:
    """Join `corners` by straight moves; each corner is missed by up to `loose`."""
    aim = torch.tensor(corners) + hand.uniform(-loose, loose, len(corners), 2)
    along = torch.arange(steps) / steps
    legs = torch.lerp(aim[:, :-1, None], aim[:, 1:, None], along[None, None, :, None])
    return torch.cat([legs.flatten(1, 2), aim[:, -1:]], dim=1)


def closed(hand: Hand, corners: list[tuple[float, float]], loose: float = 0.08, steps: int = 5) -> Tensor:
    """Join `corners` all round; the end stops short of the start, meets it or runs past it."""
    points = path(hand, [*corners, corners[0]], loose, steps)
    last = points[:, -1] - points[:, -2]
    points[:, -1] += last * hand.uniform(-0.9, 0.9, 1)
    return points


def swing(hand: Hand, corners: list[tuple[float, float]], loose: float = 0.06, steps: int = 4) -> Tensor:
    """Go smoothly through `corners`; each is missed by up to `loose`. (Catmull & Rom 1974.)"""
    aim = torch.tensor(corners) + hand.uniform(-loose, loose, len(corners), 2)
    first, last = 2 * aim[:, :1] - aim[:, 1:2], 2 * aim[:, -1:] - aim[:, -2:-1]
    a, b, c, d = torch.cat([first, aim, last], dim=1)[:, :, None].unfold(1, 4, 1).unbind(-1)
    t = (torch.arange(steps) / steps)[:, None]
    legs = b + t / 2 * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)))
    return torch.cat([legs.flatten(1, 2), aim[:, -1:]], dim=1)


def arc(
    hand: Hand,
    centre: tuple[float, float],
    radius: tuple[float, float],
    start: float | Tensor,
    sweep: float | Tensor,
    points: int = 20,
    loose: float = 0.08,
) -> Tensor:
    """Bend round `centre` from angle `start` by `sweep` radians; the radius drifts, so a full turn rarely meets."""
    turn = torch.linspace(0, 1, points)
    angle = torch.as_tensor(start).reshape(-1, 1) + torch.as_tensor(sweep).reshape(-1, 1) * turn
    drift = 1 + hand.uniform(-loose, loose, 1) + hand.uniform(-loose, loose, 1) * turn
    ring = torch.stack([angle.cos() * radius[0], angle.sin() * radius[1]], dim=-1) * drift[..., None]
    return ring + torch.tensor(centre) + hand.uniform(-loose / 3, loose / 3, 1, 2)


class Habits(NamedTuple):
    """How far a hand goes with whole drawings of one kind, each way."""

    tilt: float  # radians
    mirrors: bool = True  # a mirrored one is still of its kind
    stretch: float = 0.2  # of the logarithm of width over height, halved
    slant: float = 0.12
    bend: float = 0.08


def shake(hand: Hand, strokes: list[Stroke], habits: Habits) -> list[Stroke]:
    """Tilt, mirror, stretch, slant and bend whole drawings, and let each stroke tremble on its own."""
    tilt = hand.uniform(-habits.tilt, habits.tilt)
    stretch = hand.uniform(-habits.stretch, habits.stretch).exp()
    mirror = hand.side() if habits.mirrors else torch.ones(hand.count)
    cos, sin, slant = tilt.cos(), tilt.sin(), hand.uniform(-habits.slant, habits.slant)
    upright = torch.stack([mirror * stretch, slant, torch.zeros(hand.count), 1 / stretch], dim=1).view(-1, 2, 2)
    matrix = torch.stack([cos, -sin, sin, cos], dim=1).view(-1, 2, 2) @ upright
    bend, phase = hand.uniform(0, habits.bend, 1, 2), hand.uniform(0, math.tau, 1, 2)
    shaken = []
    for points, drawn in strokes:
        # Low waves along the stroke: the fewer, the more they bend; about one pixel at most.
        along = torch.linspace(0, 1, points.shape[1])[None, :, None]
        tremble = torch.zeros_like(points)
        for waves, size in ((1.0, 0.035), (2.5, 0.022), (5.0, 0.013)):
            offset = hand.uniform(0, math.tau, 1, 2)
            tremble += hand.uniform(0, size, 1, 2) * (math.tau * waves * along + offset).sin()
        moved = points + tremble
        moved = moved + bend * (2.2 * moved.flip(-1) + phase).sin()
        shaken.append(Stroke(moved @ matrix.transpose(1, 2), drawn))
    return shaken


def place(hand: Hand, strokes: list[Stroke], radius: Tensor, box: Tensor, stray: float) -> Tensor:
    """Scale each doodle's ink to `box` pixels and put its centre of mass in the middle, off by up to `stray`.

    Returns segments `(S, N, 4)` in pixels: from x, y to x, y. What a doodle does without lies far outside.
    """
    ends = torch.cat([torch.cat([points[:, :-1], points[:, 1:]], dim=2) for points, _ in strokes], dim=1)
    drawn = torch.cat(
        [(torch.ones(hand.count).bool() if d is None else d)[:, None].expand(-1, p.shape[1] - 1) for p, d in strokes],
        dim=1,
    )
    a, b = ends[..., :2], ends[..., 2:]
    hidden = ~drawn[..., None]
    low = torch.minimum(a, b).masked_fill(hidden, FAR).amin(1)
    high = torch.maximum(a, b).masked_fill(hidden, -FAR).amax(1)
    scale = (box - 2 * radius) / (high - low).amax(1)
    # A pen leaves ink by the length it travels (a dot still leaves one dot).
    ink = ((b - a).norm(dim=-1) + 0.02) * drawn
    mass = (ink[..., None] * (a + b) / 2).sum(1) / ink.sum(1, keepdim=True)
    shift = CANVAS / 2 + hand.uniform(-stray, stray, 2) - mass * scale[:, None]
    room = radius[:, None] + 0.5
    shift = torch.maximum(shift, room - low * scale[:, None])
    shift = torch.minimum(shift, CANVAS - room - high * scale[:, None])
    placed = ends * scale[:, None, None] + shift.repeat(1, 2)[:, None]
    return placed.masked_fill(hidden, -FAR).permute(1, 0, 2)


def ink(hand: Hand, segments: Tensor, radius: Tensor) -> Tensor:
    """Draw segments `(S, N, 4)` with a round pen of `radius` pixels: uint8 `(N, 1, 28, 28)`, white on black.

    A pixel's light is how far the nearest segment's edge covers it, so lines are smooth at any thickness. Some pens
    have a soft edge, and some are pencils, whose lines are lighter here and there.
    """
    soft = torch.where(hand.chance(0.4), hand.uniform(1.0, 1.8), 1.0).numpy()
    rough = torch.where(hand.chance(0.25), hand.uniform(0.2, 0.7), 0.0)
    # numpy, because it stays on one core: torch would wait at every step for threads that a training run holds.
    drawn = [
        _ink(segments[:, at : at + _FEW].numpy(), radius[at : at + _FEW].numpy(), soft[at : at + _FEW])
        for at in range(0, len(radius), _FEW)
    ]
    light = np.concatenate(drawn)
    pencils = rough.nonzero().flatten()
    grain = torch.rand(len(pencils), CANVAS, CANVAS, generator=hand.generator)
    light[pencils.numpy()] *= (1 - rough[pencils, None, None] * grain).numpy()
    strongest = light.max(axis=(1, 2), keepdims=True)
    return torch.from_numpy(np.round(light * (255 / strongest)).astype(np.uint8))[:, None]


def _ink(segments: Floats, radius: Floats, soft: Floats) -> Floats:
    """How far the pen covers each pixel, 0..1, `(N, 28, 28)`; `soft`: the width of its edge in pixels."""
    pixel = np.arange(CANVAS, dtype=np.float32) + np.float32(0.5)
    shape = (len(radius), CANVAS, CANVAS)
    nearest, along, across = np.full(shape, FAR, np.float32), np.empty(shape, np.float32), np.empty(shape, np.float32)
    for x0, y0, x1, y1 in segments.transpose(0, 2, 1)[..., None]:
        dx, dy = x1 - x0, y1 - y0
        length = np.maximum(dx * dx + dy * dy, np.float32(1e-6))
        x, y = pixel - x0, pixel - y0
        np.add((x * (dx / length))[:, None, :], (y * (dy / length))[:, :, None], out=along)
        np.clip(along, 0, 1, out=along)
        np.multiply(along, dx[..., None], out=across)
        np.subtract(x[:, None, :], across, out=across)
        np.square(across, out=across)
        np.multiply(along, dy[..., None], out=along)
        np.subtract(y[:, :, None], along, out=along)
        np.square(along, out=along)
        np.add(across, along, out=across)
        np.minimum(nearest, across, out=nearest)
    soft = soft[:, None, None]
    cover: Floats = np.clip((radius[:, None, None] - np.sqrt(nearest)) / soft + np.float32(0.5), 0, 1)
    return cover
