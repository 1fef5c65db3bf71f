"""Photos of drawings on paper: blank, ruled or squared, straight or turned, in even light or under a shadow.

Everything is deterministic. A sheet is painted fine, in colour, then seen by a camera: light, a blur, grain, JPEG.
"""

import math
from collections.abc import Iterator
from io import BytesIO
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tests.drawings.sheet import Drawing, drawings, rasterize

Floats = NDArray[np.float64]
Paper = Literal["blank", "lined", "squared"]
Light = Literal["even", "soft", "hard"]

PAPERS: tuple[Paper, ...] = ("blank", "lined", "squared")
LIGHTS: tuple[Light, ...] = ("even", "soft", "hard")
_LINES = ((170, 190, 215), (150, 175, 225), (190, 190, 190), (185, 205, 190), (205, 165, 175), (140, 150, 165))
_MARGIN = (225, 140, 140)
_INKS = ((60, 60, 60), (40, 50, 120), (30, 30, 30), (110, 40, 50), (95, 95, 95))
_PENCIL = (125, 125, 128)


class Sheet(NamedTuple):
    """What a sheet of paper and its photo are like; lengths are shares of the side."""

    paper: Paper = "blank"
    light: Light = "even"
    level: float = 235.0
    ink: tuple[int, int, int] = (60, 60, 60)
    pencil: bool = False
    line: tuple[int, int, int] = (170, 190, 215)
    width: float = 4 / 1512
    spacing: float = 0.115
    tilt: float = 0.0  # radians
    margin: float | None = None  # where a red line runs down
    grain: float = 4.0
    seed: int = 0


def any_sheet(paper: Paper, light: Light, seed: int, *, pencil: bool = False) -> Sheet:
    """A sheet of its own for each seed: colours, widths, spacings, tilt and grain differ."""
    chance = np.random.default_rng((seed, PAPERS.index(paper), LIGHTS.index(light)))
    spacing = chance.uniform(0.07, 0.14) if paper == "lined" else chance.uniform(0.045, 0.1)
    return Sheet(
        paper,
        light,
        level=chance.uniform(190, 245),
        ink=_PENCIL if pencil else _INKS[chance.integers(len(_INKS))],
        pencil=pencil,
        line=_LINES[chance.integers(len(_LINES))],
        width=chance.uniform(2, 6) / 1512,
        spacing=spacing,
        tilt=chance.uniform(-0.09, 0.09),
        margin=chance.uniform(0.06, 0.16) if paper == "lined" and chance.random() < 0.4 else None,
        grain=chance.uniform(2, 6),
        seed=seed,
    )


def photos_of(
    plain: dict[str, tuple[tuple[str, ...], ...]], each: int, first: int
) -> Iterator[tuple[str, Image.Image]]:
    """`each` photos on every paper, in every light, in pen and in pencil: what is drawn, and the picture of it."""
    made, chance = drawings(plain), np.random.default_rng(first)
    for paper in PAPERS:
        for light in LIGHTS:
            for pencil in (False, True):
                for number in range(each):
                    drawing = made[chance.integers(len(made))]
                    pen = chance.uniform(0.006, 0.02) if pencil else chance.uniform(0.008, 0.035)
                    sheet = any_sheet(paper, light, first + number, pencil=pencil)
                    side = int(chance.choice([640, 800, 1024]))
                    yield drawing.kind, photograph(drawing._replace(pen=float(pen)), sheet, side)


def photograph(drawing: Drawing, sheet: Sheet, side: int = 1024) -> Image.Image:
    """Paint `drawing` on `sheet` and take its photo, `side` pixels square, as a camera's JPEG."""
    chance = np.random.default_rng((7, sheet.seed))
    ink = np.asarray(rasterize(drawing.strokes, drawing.pen, side), dtype=np.float64) / 255
    if sheet.pencil:  # graphite lies on the grain of the paper: lighter here and there
        ink = ink * chance.uniform(0.45, 1.0, ink.shape)
    seen = np.empty((side, side, 3))
    covered = _rules(sheet, side)
    margin = _margin(sheet, side)
    for plane in range(3):
        page = sheet.level + (min(sheet.line[plane], sheet.level) - sheet.level) * covered
        page = page + (min(_MARGIN[plane], sheet.level) - page) * margin
        seen[..., plane] = page * (1 - ink) + np.minimum(page, sheet.ink[plane]) * ink
    seen = seen * _light(sheet.light, side, chance)[..., None]
    seen = seen + chance.normal(0, sheet.grain, seen.shape)
    file = BytesIO()
    Image.fromarray(seen.clip(0, 255).round().astype(np.uint8)).save(file, "JPEG", quality=88)
    return Image.open(file)


def _across(side: int, tilt: float) -> tuple[Floats, Floats]:
    """Places in the turned paper's own directions, in shares of the side."""
    y, x = np.mgrid[0:side, 0:side] / side
    return x * math.cos(tilt) + y * math.sin(tilt), y * math.cos(tilt) - x * math.sin(tilt)


def _rules(sheet: Sheet, side: int) -> Floats:
    """How much of each pixel a printed line covers."""
    if sheet.paper == "blank":
        return np.zeros((side, side))
    x, y = _across(side, sheet.tilt)
    first = 0.37 * sheet.spacing
    families = (y,) if sheet.paper == "lined" else (x, y)
    off = [np.abs((place - first + sheet.spacing / 2) % sheet.spacing - sheet.spacing / 2) for place in families]
    return np.max([_cover(each, sheet.width, side) for each in off], axis=0)


def _margin(sheet: Sheet, side: int) -> Floats:
    if sheet.margin is None:
        return np.zeros((side, side))
    return _cover(np.abs(_across(side, sheet.tilt)[0] - sheet.margin), sheet.width, side)


def _cover(off: Floats, width: float, side: int) -> Floats:
    return ((width / 2 - off) * side + 0.5).clip(0, min(1.0, width * side))


def _light(light: Light, side: int, chance: np.random.Generator) -> Floats:
    """How much light there is, about 1: a lamp, and a shadow whose edge is soft or hard."""
    y, x = np.mgrid[-1 : 1 : side * 1j, -1 : 1 : side * 1j]
    lamp, turn = chance.uniform(0, math.tau), chance.uniform(0, math.tau)
    seen: Floats = 1 + chance.uniform(0, 0.12) * (x * math.cos(lamp) + y * math.sin(lamp))
    if light == "even":
        return seen
    edge = x * math.cos(turn) + y * math.sin(turn) + 0.15 * (3 * x * math.sin(turn) - 3 * y * math.cos(turn)) ** 2 / 9
    steep = chance.uniform(4, 9) if light == "soft" else chance.uniform(80, 300)
    deep = chance.uniform(0.25, 0.45)
    return seen * (1 - deep / (1 + np.exp(-steep * (edge - chance.uniform(-0.3, 0.3)))))
