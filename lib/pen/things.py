"""The doodles of things that have parts: house, smiley and cup, in the ways that people draw them."""

import math

import torch
from torch import Tensor

from lib.pen.strokes import Hand, Stroke, arc, closed, path, swing

TAU = math.tau
_ACROSS, _DOWN = torch.tensor([1.0, 0.0]), torch.tensor([0.0, 1.0])


def _move(hand: Hand, across: float, down: float = 0.0) -> Tensor:
    """A shift of a whole part, up to so far each way, `(N, 1, 2)`."""
    return hand.uniform(-across, across, 1, 1) * _ACROSS + hand.uniform(-down, down, 1, 1) * _DOWN


def _box(hand: Hand, x: float, y: float, wide: float, high: float) -> Tensor:
    corners = [(x - wide, y - high), (x + wide, y - high), (x + wide, y + high), (x - wide, y + high)]
    return closed(hand, corners, loose=0.05, steps=2)


def house(hand: Hand) -> list[Stroke]:
    """Draw walls and a roof; with or without a door, windows, a chimney and a line under the roof."""
    eaves, door, left, right = hand.chance(0.55), hand.chance(0.7), hand.chance(0.45), hand.chance(0.45)
    low = hand.uniform(-0.3, 0.15, 1, 1)  # how far down the roof comes
    reach = hand.uniform(0.8, 1.12, 1, 1)
    walls = path(hand, [(-0.8, 0), (-0.8, 1), (0.8, 1), (0.8, 0)], loose=0.07, steps=3)
    roof = path(hand, [(-1, 0), (0, -1), (1, 0)], loose=0.07, steps=4) * (reach * _ACROSS + _DOWN)
    beside = _move(hand, 0.5)
    doorway = path(hand, [(-0.18, 1), (-0.18, 0.42), (0.18, 0.42), (0.18, 1)], loose=0.05, steps=2) + beside
    return [
        Stroke(_lowered(walls, low)),
        Stroke(_lowered(roof, low)),
        Stroke(_lowered(path(hand, [(-0.85, 0), (0.85, 0)], loose=0.05, steps=3), low), eaves),
        Stroke(doorway, door),
        Stroke(_box(hand, -0.45, 0.38, 0.16, 0.15) + _move(hand, 0.06, 0.08), left),
        Stroke(_box(hand, 0.45, 0.38, 0.16, 0.15) + _move(hand, 0.06, 0.08), right),
        *_chimney(hand, 0.35),
    ]


def _lowered(points: Tensor, low: Tensor) -> Tensor:
    """Move the eaves down by `low`; ridge and floor stay."""
    return points + low * _DOWN * (1 - points[..., 1:].abs()).clamp(0, 1)


def _chimney(hand: Hand, often: float) -> list[Stroke]:
    stack = path(hand, [(0.38, -0.6), (0.38, -1), (0.62, -1), (0.62, -0.4)], loose=0.05, steps=2)
    return [Stroke(stack, hand.chance(often))]


def outlined_house(hand: Hand) -> list[Stroke]:
    """Draw walls and roof in one go; some with a door or a window, some with both walls crossed."""
    low = hand.uniform(-0.3, 0.12, 1, 1)
    outline = closed(hand, [(-0.85, 1), (-0.85, -0.1), (0, -1), (0.85, -0.1), (0.85, 1)], loose=0.08, steps=4)
    door, window, crossed = hand.chance(0.55), hand.chance(0.35), hand.chance(0.15)
    beside = _move(hand, 0.4)
    return [
        Stroke(_lowered(outline, low)),
        Stroke(path(hand, [(-0.2, 1), (-0.2, 0.4), (0.2, 0.4), (0.2, 1)], loose=0.06, steps=2) + beside, door),
        Stroke(_box(hand, 0, -0.1, 0.2, 0.18) + _move(hand, 0.2, 0.2), window),
        Stroke(path(hand, [(-0.85, -0.1), (0.85, -0.1), (-0.85, 1), (0.85, -0.1)], 0.08, 4), crossed),
        Stroke(path(hand, [(-0.85, -0.1), (0.85, 1)], 0.08, 4), crossed),
        *_chimney(hand, 0.3),
    ]


def bare_house(hand: Hand) -> list[Stroke]:
    """Draw a box and a triangle on it, and perhaps a chimney or a window, but never a door."""
    low, reach = hand.uniform(-0.35, 0.15, 1, 1), hand.uniform(0.8, 1.2, 1, 1)
    box = closed(hand, [(-0.8, 0), (0.8, 0), (0.8, 1), (-0.8, 1)], loose=0.07, steps=4)
    roof = path(hand, [(-1, 0), (0, -1), (1, 0)], loose=0.08, steps=5) * (reach * _ACROSS + _DOWN)
    return [
        Stroke(_lowered(box, low)),
        Stroke(_lowered(roof, low)),
        Stroke(_box(hand, 0, 0.45, 0.2, 0.18) + _move(hand, 0.4, 0.15), hand.chance(0.3)),
        *_chimney(hand, 0.4),
    ]


def long_house(hand: Hand) -> list[Stroke]:
    """Draw a house from its corner: a gable, and a long side under a slanting roof."""
    gable = closed(hand, [(-1, 0.9), (-1, -0.05), (-0.55, -0.8), (-0.1, -0.05), (-0.1, 0.9)], loose=0.06, steps=3)
    side = path(hand, [(-0.1, 0.9), (1, 0.9), (1, -0.05), (-0.1, -0.05)], loose=0.06, steps=3)
    roof = path(hand, [(-0.55, -0.8), (0.6, -0.8), (1, -0.05)], loose=0.06, steps=3)
    door = path(hand, [(-0.68, 0.9), (-0.68, 0.3), (-0.42, 0.3), (-0.42, 0.9)], loose=0.04, steps=2)
    return [
        Stroke(gable),
        Stroke(side),
        Stroke(roof),
        Stroke(path(hand, [(-1, -0.05), (-0.1, -0.05)], 0.05, 2), hand.chance(0.5)),
        Stroke(door, hand.chance(0.6)),
        Stroke(_box(hand, 0.45, 0.35, 0.2, 0.16), hand.chance(0.5)),
    ]


def _face(hand: Hand) -> Tensor:
    sweep = hand.side() * TAU * hand.uniform(0.93, 1.07)
    return arc(hand, (0, 0), (1, 1), hand.uniform(-2.6, -0.6), sweep, 24, loose=0.06)


def _smile(hand: Hand) -> Tensor:
    """A bow below the middle, flat or deep, level or a little crooked."""
    wide, deep = hand.uniform(0.36, 0.66, 1, 1), hand.uniform(0.12, 0.5, 1, 1)
    smile = arc(hand, (0, 0), (1, 1), hand.uniform(-0.1, 0.3), hand.uniform(2.5, 3.2), 10)
    return smile * torch.cat([wide, deep], dim=2) + hand.uniform(0.12, 0.34, 1, 1) * _DOWN


def smiley(hand: Hand) -> list[Stroke]:
    """Draw a round face, two eyes of dots or lines and a smile; some have a nose."""
    upright = torch.tensor([[0.0, -0.5], [0.0, 0.5]])
    tall, high = hand.uniform(0.0, 0.34).reshape(-1, 1, 1), hand.uniform(-0.45, -0.18, 1, 1) * _DOWN
    apart = hand.uniform(0.26, 0.44, 1, 1) * _ACROSS
    eyes = [upright * tall + high + side * apart + hand.uniform(-0.05, 0.05, 1, 2) for side in (-1, 1)]
    nose = path(hand, [(0, -0.12), (0.04, 0.14), (-0.08, 0.14)], loose=0.06, steps=1)
    return [Stroke(_face(hand)), *map(Stroke, eyes), Stroke(_smile(hand)), Stroke(nose, hand.chance(0.3))]


def round_eyed(hand: Hand) -> list[Stroke]:
    """Draw a face whose eyes are little rings, or closed bows."""
    size, bows = hand.uniform(0.08, 0.2, 1, 1), hand.chance(0.35)
    sweep = torch.where(bows, math.pi, TAU)
    eyes = [
        arc(hand, (0, 0), (1, 1), math.pi, sweep, 8) * size
        + torch.tensor([side * 0.37, -0.28])
        + hand.uniform(-0.06, 0.06, 1, 2)
        for side in (-1, 1)
    ]
    return [Stroke(_face(hand)), *map(Stroke, eyes), Stroke(_smile(hand))]


def laughing(hand: Hand) -> list[Stroke]:
    """Draw a face with an open mouth: a bow and a line across; some have ears or hair."""
    dot, extra = torch.tensor([[0.0, 0.0], [0.02, 0.14]]), hand.chance(0.3)
    eyes = [dot + torch.tensor([side * 0.36, -0.34]) + hand.uniform(-0.06, 0.06, 1, 2) for side in (-1, 1)]
    mouth = arc(hand, (0, 0.14), (0.55, 0.48), 0.0, math.pi, 10, loose=0.08)
    return [
        Stroke(_face(hand)),
        *map(Stroke, eyes),
        Stroke(mouth),
        Stroke(path(hand, [(-0.55, 0.14), (0.55, 0.14)], loose=0.06, steps=2)),
        Stroke(swing(hand, [(-0.3, -0.95), (-0.15, -1.2), (0, -0.98), (0.15, -1.2), (0.3, -0.95)], 0.06, 2), extra),
    ]


def _steam(hand: Hand, often: float) -> list[Stroke]:
    wave, steam = torch.linspace(0, 1, 8), hand.chance(often)
    curl = torch.stack([0.09 * (wave * TAU).sin(), -0.7 - 0.36 * wave], dim=-1) + hand.uniform(-0.05, 0.05, 1, 2)
    return [Stroke(curl + torch.tensor([x, 0.0]), steam) for x in (-0.25, 0.25)]


def mug(hand: Hand) -> list[Stroke]:
    """Draw a mug with one ear, thin or thick; some have a round rim, some a round bottom, some steam."""
    rim, thick = hand.chance(0.5), hand.chance(0.4)
    body = path(hand, [(-0.75, -0.55), (-0.66, 0.9), (0.66, 0.9), (0.75, -0.55)], loose=0.06, steps=5)
    low = (body[..., 1] + 0.55).clamp(0, 1.5)
    body[..., 0] *= 1 - hand.uniform(-0.14, 0.3, 1) * low
    body[..., 1] += hand.uniform(-0.02, 0.2, 1) * low / 1.5 * (1 - (body[..., 0] / 0.7).square()).clamp(0, 1)
    tall = hand.uniform(0.7, 1.15, 1, 1) * _DOWN + _ACROSS
    ear, shift = hand.uniform(0.26, 0.5, 1, 1) * torch.ones(2), hand.uniform(-0.1, 0.2, 1, 1) * _DOWN
    side = torch.tensor([0.68, 0.1]) + shift
    return [
        Stroke(body * tall),
        Stroke(path(hand, [(-0.75, -0.55), (0.75, -0.55)], loose=0.05) * tall, ~rim),
        Stroke(arc(hand, (0, -0.55), (0.75, 0.17), math.pi, TAU, 18, loose=0.04) * tall, rim),
        Stroke(arc(hand, (0, 0), (1, 1.05), -1.7, 3.3, 12) * ear + side),
        Stroke(arc(hand, (0, 0), (0.6, 0.6), -1.6, 3.2, 8) * ear + side, thick),
        *_steam(hand, 0.35),
    ]


def cornered_mug(hand: Hand) -> list[Stroke]:
    """Draw a box with an ear that has corners, or an open mug without a rim."""
    opened = hand.chance(0.4)
    body = path(hand, [(-0.7, -0.7), (-0.66, 0.85), (0.62, 0.85), (0.66, -0.7)], loose=0.08, steps=4)
    ear = path(hand, [(0.64, -0.35), (1.12, -0.3), (1.08, 0.4), (0.63, 0.45)], loose=0.08, steps=3)
    return [
        Stroke(body),
        Stroke(path(hand, [(-0.7, -0.7), (0.66, -0.7)], loose=0.05, steps=3), ~opened),
        Stroke(ear),
        *_steam(hand, 0.35),
    ]


def bowl(hand: Hand) -> list[Stroke]:
    """Draw half a round with an ear: a tea cup; some stand on a foot or a saucer, some have a round rim."""
    deep, rim = hand.uniform(0.8, 1.25, 1, 1) * _DOWN + _ACROSS, hand.chance(0.35)
    side = hand.uniform(0.04, 0.16, 1, 1) * _DOWN
    body = swing(hand, [(-0.8, -0.4), (-0.74, 0.1), (-0.45, 0.55), (0, 0.66), (0.45, 0.55), (0.74, 0.1), (0.8, -0.4)])
    ear = arc(hand, (0.78, -0.05), (0.34, 0.3), -1.6, 3.2, 10)
    return [
        Stroke(body * deep),
        Stroke(path(hand, [(-0.8, -0.4), (0.8, -0.4)], loose=0.05, steps=3) * deep, ~rim),
        Stroke(arc(hand, (0, -0.4), (0.8, 0.14), math.pi, TAU, 16, loose=0.04) * deep, rim),
        Stroke(ear + side),
        Stroke(path(hand, [(-1, 0.86), (1, 0.86)], loose=0.07, steps=3), hand.chance(0.4)),
        *_steam(hand, 0.25),
    ]
