"""The doodles that are one shape: circle, square, triangle, star and heart, in the ways that people draw them."""

import math

import torch
from torch import Tensor

from lib.pen.strokes import Hand, Stroke, arc, closed, path, swing

TAU = math.tau


def ring(hand: Hand) -> list[Stroke]:
    """Draw one round, not quite closed or a little past the start."""
    sweep = hand.side() * TAU * hand.uniform(0.9, 1.15)
    return [Stroke(arc(hand, (0, 0), (1, 1), hand.uniform(0, TAU), sweep, 28, loose=0.1))]


def bumpy_ring(hand: Hand) -> list[Stroke]:
    """Draw one round by a hand that hesitates: an egg, or one with dents."""
    turn = torch.linspace(0, 1, 30) * TAU * hand.uniform(0.93, 1.08, 1) + hand.uniform(0, TAU, 1)
    radius = torch.ones_like(turn)
    for waves, size in ((1, 0.14), (2, 0.08), (3, 0.06), (5, 0.04)):
        radius = radius + hand.uniform(0, size, 1) * (waves * turn + hand.uniform(0, TAU, 1)).sin()
    return [Stroke(torch.stack([turn.cos() * radius, turn.sin() * radius], dim=-1))]


def two_halves(hand: Hand) -> list[Stroke]:
    """Draw a circle as two bows, or twice round."""
    twice = hand.chance(0.4)
    start, sweep = hand.uniform(0, TAU), hand.uniform(0.97, 1.1) * math.pi
    ends = torch.where(twice, TAU * hand.uniform(0.9, 1.1), sweep)
    return [
        Stroke(arc(hand, (0, 0), (1, 1), start, ends, 18, loose=0.08)),
        Stroke(arc(hand, (0, 0), (1, 1), start, -ends, 18, loose=0.08)),
    ]


_CORNERS = [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)]


def square(hand: Hand) -> list[Stroke]:
    """Draw four sides in one go."""
    return [Stroke(closed(hand, _CORNERS, loose=0.13))]


def rounded_square(hand: Hand) -> list[Stroke]:
    """Draw four sides in one go, with soft corners."""
    r = 0.72
    corners = [(-r, -1), (r, -1), (1, -r), (1, r), (r, 1), (-r, 1), (-1, r), (-1, -r), (-r, -1.0)]
    return [Stroke(swing(hand, corners, loose=0.07, steps=3))]


def square_of_sides(hand: Hand) -> list[Stroke]:
    """Draw four sides one by one: they miss each other or cross."""
    return sides(hand, _CORNERS)


def diamond(hand: Hand) -> list[Stroke]:
    """Draw a square that stands on a corner, more or less."""
    turn = (math.pi / 4 + hand.uniform(-0.5, 0.5))[:, None]
    x, y = closed(hand, _CORNERS, loose=0.1).unbind(-1)
    return [Stroke(torch.stack([turn.cos() * x - turn.sin() * y, turn.sin() * x + turn.cos() * y], dim=-1))]


def sides(hand: Hand, corners: list[tuple[float, float]]) -> list[Stroke]:
    """Draw each side of a shape as a line of its own, a little too long or too short."""
    drawn = []
    for (x, y), (to_x, to_y) in zip(corners, [*corners[1:], corners[0]], strict=True):
        line = path(hand, [(x, y), (to_x, to_y)], loose=0.09, steps=4)
        way = line[:, -1:] - line[:, :1]
        drawn.append(Stroke(line + way * torch.linspace(-0.5, 0.5, 5)[:, None] * hand.uniform(-0.06, 0.14, 1, 1)))
    return drawn


_POINT_UP = [(0.0, -1.0), (1.05, 0.8), (-1.05, 0.8)]


def triangle(hand: Hand) -> list[Stroke]:
    """Draw three sides; the tip is anywhere between left and right."""
    return [Stroke(_with_tip(hand, closed(hand, _POINT_UP, loose=0.15, steps=6)))]


def triangle_of_sides(hand: Hand) -> list[Stroke]:
    """Draw three sides one by one."""
    lean = hand.uniform(-0.6, 0.6, 1)
    return [Stroke(_lean(line, lean)) for line, _ in sides(hand, _POINT_UP)]


def turned_triangle(hand: Hand) -> list[Stroke]:
    """Draw a triangle that points anywhere."""
    turn = hand.uniform(-math.pi, math.pi, 1)
    x, y = _with_tip(hand, closed(hand, _POINT_UP, loose=0.15, steps=6)).unbind(-1)
    return [Stroke(torch.stack([turn.cos() * x - turn.sin() * y, turn.sin() * x + turn.cos() * y], dim=-1))]


def _with_tip(hand: Hand, points: Tensor) -> Tensor:
    return _lean(points, torch.where(hand.chance(0.3)[:, None], hand.uniform(-1.1, 1.1, 1), hand.uniform(-0.3, 0.3, 1)))


def _lean(points: Tensor, lean: Tensor) -> Tensor:
    """Shift what lies high to the side, so that a triangle's tip moves and its base stays."""
    x, y = points.unbind(-1)
    return torch.stack([x + lean * (0.8 - y) / 1.8, y], dim=-1)


def _star_points(count: int, inner: float | Tensor = 1.0, turn: float = 0.0) -> list[tuple[float, float]]:
    return [
        (float(inner) * math.sin(TAU * (k + turn) / count), -float(inner) * math.cos(TAU * (k + turn) / count))
        for k in range(count)
    ]


def crossed_star(hand: Hand) -> list[Stroke]:
    """Draw five points in one go through the middle, from any of them."""
    points = _star_points(5)
    return [Stroke(closed(hand, [points[k] for k in (3, 0, 2, 4, 1)], loose=0.12))]


def star_of_lines(hand: Hand) -> list[Stroke]:
    """Draw the five lines of a star one by one."""
    points = _star_points(5)
    return sides(hand, [points[k] for k in (3, 0, 2, 4, 1)])


def outlined_star(hand: Hand) -> list[Stroke]:
    """Draw the outline of five points; the dents are deep or shallow."""
    return _outline(hand, 5)


def four_or_six_points(hand: Hand) -> list[Stroke]:
    """Draw the outline of a star with four points, or with six."""
    four = hand.chance(0.5)
    return [Stroke(_outline(hand, 4)[0].points, four), Stroke(_outline(hand, 6)[0].points, ~four)]


def two_triangles(hand: Hand) -> list[Stroke]:
    """Draw a star of two triangles that cross."""
    six = _star_points(6)
    return [Stroke(closed(hand, six[start::2], loose=0.1, steps=6)) for start in (0, 1)]


def _outline(hand: Hand, count: int) -> list[Stroke]:
    tips, dents = _star_points(count), _star_points(count, 0.45, 0.5)
    outline = closed(hand, [corner for pair in zip(tips, dents, strict=True) for corner in pair], 0.07, steps=3)
    deep = hand.uniform(-0.28, 0.22, 1, 1)  # what lies far in is drawn in or out
    far = outline.norm(dim=-1, keepdim=True)
    return [Stroke(outline * (1 + deep * (1 - far).clamp(0, 0.55) / 0.55))]


def heart(hand: Hand) -> list[Stroke]:
    """Draw two bows that meet in a dip above and a point below."""
    t = torch.linspace(0, 1, 34) * TAU * hand.uniform(0.96, 1.03, 1)
    depth, point = hand.uniform(0.7, 1.6, 1), hand.uniform(0.8, 1.35, 1)
    x = t.sin().sign() * t.sin().abs().pow(hand.uniform(2.0, 3.2, 1))
    y = -(13 * t.cos() - 5 * depth * (2 * t).cos() - 2 * (3 * t).cos() - (4 * t).cos()) / 16
    y = torch.where(y > 0, y * point, y)
    return [Stroke(torch.stack([x * hand.side()[:, None], y], dim=-1))]


def heart_of_halves(hand: Hand) -> list[Stroke]:
    """Draw the left bow and the right one, each from the dip to the point."""
    half = [(0.0, -0.42), (0.3, -0.85), (0.74, -0.84), (1.0, -0.4), (0.82, 0.1), (0.42, 0.56), (0.0, 1.0)]
    return [
        Stroke(swing(hand, half, loose=0.07)),
        Stroke(swing(hand, [(-x, y) for x, y in half], loose=0.07)),
    ]


def straight_heart(hand: Hand) -> list[Stroke]:
    """Draw two round bows on a straight V."""
    lift = hand.uniform(-0.1, 0.2).reshape(-1, 1, 1) * torch.tensor([0.0, 1.0])
    left = arc(hand, (-0.5, -0.42), (0.5, 0.5), math.pi * 0.93, math.pi * 1.07, 10, loose=0.06)
    right = arc(hand, (0.5, -0.42), (0.5, 0.5), math.pi, math.pi * 1.07, 10, loose=0.06)
    return [
        Stroke(left + lift),
        Stroke(right + lift),
        Stroke(path(hand, [(-0.98, -0.3), (0, 1), (0.98, -0.3)], loose=0.08, steps=5) + lift / 2),
    ]
