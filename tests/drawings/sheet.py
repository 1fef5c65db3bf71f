"""Plain drawings on a sheet, as a person leaves them on the canvas: somewhere, of some size, with some pen.

Everything is deterministic. `strokes` are what the browser's canvas keeps (points in shares of the side); `rasterize`
makes of them the picture that it sends, as `lib/ui/components/canvas/strokes.js` does.
"""

import math
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageDraw
from scipy.interpolate import make_interp_spline

from tests.drawings.plain_digits import DIGITS
from tests.drawings.plain_doodles import DOODLES

SIDE = 140  # pixels of the picture that the canvas sends
_FINER = 4  # times, for smooth edges
_STEP = 0.02  # of the side, between two points of a moving pen

Points = list[tuple[float, float]]


class Place(NamedTuple):
    """Where on the sheet, how large, with how thick a pen; shares of the side."""

    x: float  # of the middle
    y: float
    size: float
    pen: float


# The canvas begins with a pen of 0.071; its slider goes from 0.029 to 0.157.
PLACES = (
    Place(0.50, 0.50, 0.84, 0.071),  # fills the sheet
    Place(0.46, 0.54, 0.76, 0.100),  # a thick pen
    Place(0.53, 0.47, 0.88, 0.030),  # a thin one
    Place(0.36, 0.62, 0.60, 0.060),  # a little aside
)
CORNERS = tuple(
    Place(x, y, size, pen)
    for (x, y), size, pen in zip(
        ((0.24, 0.24), (0.77, 0.25), (0.23, 0.76), (0.76, 0.77)),
        (0.38, 0.42, 0.36, 0.44),
        (0.032, 0.045, 0.036, 0.050),
        strict=True,
    )
)


class Drawing(NamedTuple):
    """One drawing as the canvas keeps it."""

    kind: str
    strokes: list[Points]  # in shares of the side
    pen: float  # thickness, a share of the side


def drawings(plain: dict[str, tuple[tuple[str, ...], ...]], rounds: int = 1) -> list[Drawing]:
    """Every way of every kind on four sheets: three places of `PLACES` and one of `CORNERS`, in turn.

    rounds: how often, with a hand that trembles anew each time. The first is the same however many follow.
    """
    made = []
    for at, (kind, ways) in enumerate(plain.items()):
        for way, strokes in enumerate(ways):
            turn = at + way
            places = [PLACES[(turn + step) % len(PLACES)] for step in range(3)] + [CORNERS[turn % len(CORNERS)]]
            for sitting, place in enumerate(places * rounds):
                chance = np.random.default_rng((at, way, sitting))
                made.append(Drawing(kind, _drawn(strokes, place, chance), place.pen))
    return made


def doodle_drawings() -> list[Drawing]:
    """200 doodles, 20 of each kind."""
    return drawings(DOODLES)


def digit_drawings() -> list[Drawing]:
    """200 digits, 20 of each."""
    return drawings(DIGITS)


def _drawn(strokes: tuple[str, ...], place: Place, chance: np.random.Generator) -> list[Points]:
    """Put strokes on the sheet with a hand that tilts, stretches and trembles a little."""
    tilt = chance.uniform(-0.14, 0.14)  # radians, up to 8 degrees
    wide = math.exp(chance.uniform(-0.1, 0.1))
    phases = chance.uniform(0, math.tau, (len(strokes), 2, 2))
    placed = []
    for stroke, phase in zip(strokes, phases, strict=True):
        points = _path(stroke) / 100 - 0.5
        along = np.linspace(0, 1, len(points))[:, None]
        points = points + 0.008 * np.sin(9 * along + phase[0]) + 0.005 * np.sin(23 * along + phase[1])
        x, y = (points * place.size * (wide, 1 / wide)).T
        turned_x, turned_y = x * math.cos(tilt) - y * math.sin(tilt), x * math.sin(tilt) + y * math.cos(tilt)
        margin = place.pen / 2
        on_sheet = np.stack([turned_x + place.x, turned_y + place.y], axis=1).clip(margin, 1 - margin)
        placed.append([(float(a), float(b)) for a, b in on_sheet])
    return placed


def _path(stroke: str) -> "np.ndarray[tuple[int, int], np.dtype[np.float64]]":
    """Points (N, 2) of a pen that moves along a stroke, close together."""
    corners = np.array([[float(number) for number in point.split(",")] for point in stroke.removeprefix("~").split()])
    gaps = np.hypot(*np.diff(corners, axis=0).T)
    travelled = np.concatenate([[0.0], gaps.cumsum()])
    stops = np.linspace(0, travelled[-1], max(2, math.ceil(travelled[-1] / (100 * _STEP)) + 1))
    degree = 3 if stroke.startswith("~") and len(corners) > 3 else 1
    path = make_interp_spline(travelled, corners, k=degree)(stops)
    # A pen goes into every corner.
    return (
        path if degree == 3 else np.stack([np.interp(np.union1d(stops, travelled), travelled, c) for c in corners.T], 1)
    )


def rasterize(strokes: list[Points], pen: float, side: int = SIDE) -> Image.Image:
    """Paint as the canvas does: white on black, a round pen, smooth through the middles between the points."""
    fine = side * _FINER
    sheet = Image.new("L", (fine, fine))
    draw = ImageDraw.Draw(sheet)
    radius = pen * fine / 2 - 0.5  # Pillow's ellipses cover the pixels of their rim
    for points in strokes:
        for x, y in _traced([(x * fine, y * fine) for x, y in points]):
            draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
    return sheet.resize((side, side), Image.Resampling.BOX)


def _traced(points: Points) -> Points:
    """Places of the pen, at most a pixel apart: lines to the first and from the last middle, bows in between."""
    path = [points[0]]

    def go_to(end: tuple[float, float], bend: tuple[float, float]) -> None:
        start = path[-1]
        steps = max(1, math.ceil(math.dist(start, bend) + math.dist(bend, end)))
        for step in range(1, steps + 1):
            t = step / steps
            a, b, c = (1 - t) ** 2, 2 * t * (1 - t), t**2
            path.append((a * start[0] + b * bend[0] + c * end[0], a * start[1] + b * bend[1] + c * end[1]))

    rest = points[1:]
    for bend, after in pairwise(rest):
        go_to(((bend[0] + after[0]) / 2, (bend[1] + after[1]) / 2), bend)
    last = points[-1]
    go_to(last, ((path[-1][0] + last[0]) / 2, (path[-1][1] + last[1]) / 2))
    return path
