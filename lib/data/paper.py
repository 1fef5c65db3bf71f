"""Tell ink from paper on anybody's picture: which of them is lighter, and what of the unevenness is only bad light."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

Floats = NDArray[np.float64]

FAINT = 24  # of 255: with less contrast than this, the sheet is empty
_SMALL = 128  # pixels of the longer side on which the paper is measured
_PHOTO = 320  # pixels of the longer side that are kept of a photo
_DARKEST = 16.0  # paper below this level says nothing about the light
_EDGE = 0.02  # of the shorter side: how wide a rim is taken for paper
_TURNS = 12  # of fitting; the last ones change nothing any more
_CLEAR = 3.0  # times the unevenness of the paper: what is stronger is nothing but ink
_BRIGHTER = 1.5  # at most so many times is light ink in a shadow made lighter: there the paper is known less well
_SURE = 3.0  # spreads from the paper within which a pixel belongs to it


class Ink(NamedTuple):
    """A picture's ink, light on an even black."""

    image: Image.Image  # "L"; the strongest ink is 255; all black if there is none
    dark: bool  # the ink was darker than its paper


def ink_of(grey: Image.Image) -> Ink:
    """Separate ink from paper in an "L" picture; of a photo the result has at most 320 pixels a side.

    Paper is what most of the rim looks like, and a smooth surface from there inwards: a lamp's gradient, a lens's dark
    corners and soft shadows are taken off. Ink is what lies clearly above or below it, whichever is more.
    """
    small = grey.copy()
    small.thumbnail((_SMALL, _SMALL), Image.Resampling.BOX)
    measured = np.asarray(small, dtype=np.float64)
    surface, spread = _paper(measured)
    off = measured - _heights(surface, measured.shape)
    beyond = np.clip(np.abs(off) - _SURE * spread, 0, None) * np.sign(off)
    darker, lighter = float((beyond[beyond < 0] ** 2).sum()), float((beyond[beyond > 0] ** 2).sum())
    dark = darker > lighter if darker != lighter else float(np.median(measured)) >= 128
    sign = -1 if dark else 1
    even = spread == 0.0
    ink = sign * (np.asarray(grey, dtype=np.float64) - surface[0]) if even else _of_photo(grey, surface, sign)
    strongest = float(ink.max())
    if strongest < FAINT:
        return Ink(Image.new("L", (ink.shape[1], ink.shape[0])), dark)
    return Ink(Image.fromarray((ink.clip(0) * (255 / strongest)).round().astype(np.uint8)), dark)


def _of_photo(grey: Image.Image, surface: Floats, sign: int) -> Floats:
    """How far each pixel lies on ink's side of its paper, below 0 where there is none."""
    photo = grey.copy()
    photo.thumbnail((_PHOTO, _PHOTO), Image.Resampling.BOX)
    pixels = np.asarray(photo.filter(ImageFilter.GaussianBlur(1)), dtype=np.float64)  # grain is no speck of ink
    paper = _heights(surface, pixels.shape)
    ink = sign * (pixels - paper)
    dimmed = float(paper.max()) / np.clip(paper, _DARKEST, None)  # less light dims ink and paper in proportion
    if sign < 0:
        ink *= dimmed
    uneven = _unevenness(ink)
    # What is clearly ink keeps its strength: less by the unevenness, a line in a shadow would be fainter still.
    ink *= ((ink - uneven) / max((_CLEAR - 1) * uneven, 1.0)).clip(0, 1)
    return ink * dimmed.clip(max=_BRIGHTER) if sign > 0 else ink


def _terms(shape: tuple[int, ...]) -> Floats:
    """The parts of a curved surface at every pixel, `(H, W, 6)`; places go from -1 to 1 whatever the size."""
    y, x = (((2 * np.arange(length) + 1) / length - 1) for length in shape)
    across, down = np.meshgrid(x, y)
    return np.stack([np.ones_like(across), across, down, across**2, across * down, down**2], axis=-1)


def _heights(surface: Floats, shape: tuple[int, ...]) -> Floats:
    if not surface[1:].any():  # an even sheet, as every drawing's is
        return np.broadcast_to(surface[0], shape)
    heights: Floats = _terms(shape) @ surface
    return heights


def _paper(pixels: Floats) -> tuple[Floats, float]:
    """Fit a curved surface to the rim, then to all that lies near it; and how far paper spreads about it."""
    rim = np.ones(pixels.shape, dtype=bool)
    width = max(1, round(_EDGE * min(pixels.shape)))
    rim[width:-width, width:-width] = False
    level = float(np.median(pixels[rim]))
    even = np.array([level, 0, 0, 0, 0, 0])
    if min(pixels.shape) < 8 or np.mean(pixels[rim] == level) > 0.5:  # too small to say more, or an even sheet
        return even, 0.0
    terms = _terms(pixels.shape)
    surface, spread = even, 0.0
    at, values = terms[rim], pixels[rim]
    for _ in range(_TURNS):  # least absolute deviations, so that ink that reaches the rim has no say
        weight = 1 / np.maximum(np.abs(values - at @ surface), 1.0)
        surface = np.linalg.lstsq(at * np.sqrt(weight)[:, None], values * np.sqrt(weight), rcond=None)[0]
    spread = _spread(values - at @ surface)
    for _ in range(2):  # what lies inside and looks like paper makes the middle sure
        near = np.abs(pixels - terms @ surface) <= _SURE * spread + 4
        surface = np.linalg.lstsq(terms[near], pixels[near], rcond=None)[0]
        spread = _spread((pixels - terms @ surface)[near])
    return surface, spread


def _spread(off: Floats) -> float:
    """The standard deviation of what is normally distributed, whatever else is among it."""
    return 1.4826 * float(np.median(np.abs(off)))


def _unevenness(off: Floats) -> float:
    """How far paper goes towards the ink, which is positive: what is below that is no ink."""
    spread = _spread(off)
    ink = Image.fromarray(np.uint8(255) * (off > max(0.4 * float(off.max()), _SURE * spread)))
    away = np.asarray(ink.filter(ImageFilter.MaxFilter(9))) == 0
    return max(float(np.quantile(off[away], 0.995)) + spread, 0.0) if away.any() else _SURE * spread
