"""Tell ink from paper on anybody's picture: which of them is lighter, and what of the unevenness is only bad light."""

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from lib.pictures import rulings

Floats = NDArray[np.float64]
Pixels = NDArray[np.float32]
Mask = NDArray[np.bool_]

FAINT = 24  # of 255: with less contrast than this, the sheet is empty
_SMALL = 128  # pixels of the longer side on which the paper is measured
_PHOTO = 480  # pixels of the longer side that are kept of a photo
_DARKEST = 16.0  # paper below this level says nothing about the light
_EDGE = 0.02  # of the shorter side: how wide a rim is taken for paper
_TURNS = 12  # of fitting; the last ones change nothing any more
_WINDOWS = (0.06, 0.14, 0.3)  # of the shorter side, in which paper is looked for
_ROOM = 0.55  # of a window, that pens may be wide
_MORE = 2.5  # times as much ink in a wider window: the pen was wider than the window before
_FAINTEST = 0.3  # of the usual ink; what is fainter is paper
_CLEARLY = 1.1  # times as rough: a difference that says which of two is ink
_SPECK = 10  # pixels of 512 x 512; what is smaller is dust
_BRIGHTER = 1.5  # at most so many times is light ink in a shadow made lighter: there the paper is known less well
_LEAST_PHOTO = 200  # pixels of the shorter side; the canvas sends less
_EVEN = 0.5  # of the rim has one level, on a sheet that no camera saw
_SURE = 3.0  # spreads from the paper within which a pixel belongs to it


class Ink(NamedTuple):
    """A picture's ink, light on an even black."""

    image: Image.Image  # "L"; the strongest ink is 255; all black if there is none
    dark: bool  # the ink was darker than its paper
    photo: bool = False  # the paper was uneven, and was made even
    lines: int = 0  # printed on the paper that were taken off


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
    if spread > 0.0 or _is_photo(grey):
        thin = _ink_is_dark(measured)
        return _of_photo(grey, dark if thin is None else thin)
    ink = (-1 if dark else 1) * (np.asarray(grey, dtype=np.float64) - surface[0])
    strongest = float(ink.max())
    if strongest < FAINT:
        return Ink(Image.new("L", (ink.shape[1], ink.shape[0])), dark)
    return Ink(Image.fromarray((ink.clip(0) * (255 / strongest)).round().astype(np.uint8)), dark)


def _is_photo(grey: Image.Image) -> bool:
    """Whether a sheet that is even when it is small has a camera's grain."""
    pixels = np.asarray(grey)
    if min(pixels.shape) < _LEAST_PHOTO:
        return False
    rim = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    return float(np.mean(rim == np.median(rim))) < _EVEN


def _of_photo(grey: Image.Image, dark: bool) -> Ink:
    """Take off a photo's light, its grain and the lines of its paper; what is left is ink."""
    photo = grey.copy()
    photo.thumbnail((_PHOTO, _PHOTO), Image.Resampling.BOX)
    pixels = np.asarray(photo.filter(ImageFilter.GaussianBlur(0.7)), dtype=np.float32)
    pixels = pixels if dark else 255 - pixels  # ink is darker than paper from here on
    ink = _above_paper(pixels, dark)
    grain = _spread(ink)
    cleaned = rulings.without_rulings(ink, grain)
    clear = _clear(cleaned.ink, cleaned.lines, grain)
    return Ink(Image.fromarray((clear * 255).round().astype(np.uint8)), dark, True, cleaned.number)


def _above_paper(pixels: Pixels, dark: bool) -> Pixels:
    """How far each pixel is darker than its paper, in levels of well lit paper.

    The paper is what a window finds around the ink (a closing), so it has the steps that shadows have. The smallest
    window that is wider than the pen is best: a large one sees ink in every corner of a shadow.
    """
    windows = [max(3, round(share * min(pixels.shape))) for share in _WINDOWS]
    ink = _closed(pixels, windows[0], dark)
    for window, wider in pairwise(windows):
        more = _closed(pixels, wider, dark)
        strong = 0.5 * float(np.quantile(more, 0.998))
        if _pen(ink) <= _ROOM * window and (more > strong).sum() <= _MORE * (ink > strong).sum():
            break
        ink = more
    return ink


def _pen(ink: Pixels) -> float:
    """How thick the thickest lines of the ink are, in pixels."""
    from scipy.ndimage import distance_transform_cdt  # type: ignore[import-untyped]

    there = ink > 0.5 * float(np.quantile(ink, 0.998))
    return 2 * float(np.quantile(distance_transform_cdt(there)[there], 0.95)) if there.any() else 0.0


def _closed(pixels: Pixels, window: int, dark: bool) -> Pixels:
    from scipy.ndimage import grey_closing  # with scikit-learn; slow to import

    # Beyond the rim the light goes on as it came, so that a dark corner of the lens is no ink.
    rim = min(window, min(pixels.shape) - 1)
    wider = np.pad(pixels, rim, mode="reflect", reflect_type="odd")
    inside = tuple(slice(rim, rim + length) for length in pixels.shape)
    paper = grey_closing(wider, size=(window, window), mode="nearest")[inside]
    ink: Pixels = paper - pixels
    if dark:  # less light dims ink and paper in proportion
        ink = ink * (float(np.quantile(paper, 0.95)) / np.clip(paper, _DARKEST, None))
    else:
        lit = 255 - paper
        ink = ink * (float(np.quantile(lit, 0.95)) / np.clip(lit, _DARKEST, None)).clip(max=_BRIGHTER)
    return ink - np.float32(np.median(ink))


def _on_rim(names: NDArray[np.int32]) -> NDArray[np.int32]:
    """Which of the numbered parts of a picture touch its rim."""
    return np.unique(np.concatenate([names[0], names[-1], names[:, 0], names[:, -1]]))


def _ink_is_dark(measured: Floats) -> bool | None:
    """Whether the sheet is smoother without what is dark and narrow than without what is light; None if neither.

    The edge of a shadow is left by both, so it has no say, however deep the shadow is.
    """
    from scipy.ndimage import grey_closing, grey_opening

    rough_without = [0.0, 0.0]
    for share in _WINDOWS[1:]:
        window = max(3, round(share * min(measured.shape)))
        for at, taken_off in enumerate((grey_closing, grey_opening)):
            paper = taken_off(measured, (window, window), mode="nearest")
            rough_without[at] += sum(float(np.abs(np.diff(paper, axis=axis)).sum()) for axis in (0, 1))
    dark, light = rough_without
    return None if max(dark, light) < _CLEARLY * min(dark, light) else dark < light


def _clear(ink: Pixels, lines: Mask, grain: float) -> Pixels:
    """Ink from 0 to 1: without grain, specks and what is left of lines; faint pencil is as clear as a pen."""
    from scipy import ndimage  # type: ignore[import-untyped]

    floor = max(_SURE * grain, FAINT / 3)
    strong = ink > 2 * floor
    if not strong.any() or float(ink.max()) < FAINT:
        return np.zeros_like(ink)
    usual = float(np.quantile(ink[strong], 0.7))
    there = ink > max(floor, _FAINTEST * usual)
    names, count = ndimage.label(there, np.ones((3, 3)))
    numbers = np.arange(1, count + 1)
    size = ndimage.sum_labels(there, names, numbers)
    peak = ndimage.maximum(ink, names, numbers)
    free = ndimage.sum_labels(~lines, names, numbers)
    on_rim = np.isin(numbers, _on_rim(names))
    if float(size[~on_rim].sum()) > size[on_rim].sum():  # most of it lies free on the sheet: the rest is no drawing
        size[on_rim] = 0
    kept = (peak > 0.45 * usual) & (size >= _SPECK * ink.size / 512**2) & (free > 0.35 * size)
    belongs = np.concatenate([[False], kept])[names]
    low = max(floor, 0.5 * _FAINTEST * usual)
    clear: Pixels = ((ink - low) / max(0.85 * usual - low, 1.0)).clip(0, 1) * ndimage.binary_dilation(belongs)
    return clear


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


def _spread(off: Floats | Pixels) -> float:
    """The standard deviation of what is normally distributed, whatever else is among it."""
    return 1.4826 * float(np.median(np.abs(off)))
