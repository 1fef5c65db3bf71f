"""Find the lines that are printed on paper, ruled or squared, straight or turned a little; take them off the ink."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]

_TURNED = 0.16  # radians; lines of paper that is turned further are not looked for
_COARSE, _FINE = 0.01, 0.0015  # radians between two tries
_LEAST_SIDE = 100  # pixels; on smaller pictures nothing can be told from ink
_COVERED = 0.68  # of its way across the sheet, a printed line is seen
_ENDS = 0.06  # of the way, at both ends: a printed line comes from the rim, a drawn one seldom
_STAND_OUT = 2.5  # times the sheet's grain
_STRIP = 5  # pixels each way: how far a line's middle may bend, and its width
_RATHER = 1.6  # times a line's own strength: what is darker on it is ink


class Rulings(NamedTuple):
    """What is left of the ink without the printed lines, and where those were."""

    ink: Floats
    lines: Mask
    number: int


def without_rulings(ink: Floats, grain: float) -> Rulings:
    """Take straight thin lines that run from rim to rim off `ink` `(H, W)`, which is 0 on paper; `grain`: its spread.

    Ink that crosses a line stays, and is joined again where it was as light as the line itself.
    """
    lines, count = np.zeros(ink.shape, dtype=bool), 0
    if min(ink.shape) < _LEAST_SIDE:
        return Rulings(ink, lines, count)
    for turned in (False, True):  # lines that run across, then lines that run down
        seen = ink.T if turned else ink
        cleaned, found, number = _without_level(np.ascontiguousarray(seen), grain)
        ink = cleaned.T if turned else cleaned
        lines |= found.T if turned else found
        count += number
    return Rulings(np.ascontiguousarray(ink), lines, count)


def _without_level(ink: Floats, grain: float) -> tuple[Floats, Mask, int]:
    """The same for lines that run across, more or less."""
    seen = np.minimum(ink, 6 * grain + 12)  # strong ink has no more say than a faint line
    slope = _slope(seen)
    rows = _sheared(ink.shape, slope)
    lines = np.zeros(ink.shape, dtype=bool)
    cleaned, count = ink.copy(), 0
    height = int(rows.max()) + 1
    weight = np.bincount(rows.ravel(), minlength=height)
    total = np.bincount(rows.ravel(), seen.ravel().astype(np.float64), minlength=height)
    profile = total / np.maximum(weight, 1)
    long = weight > 0.5 * ink.shape[1]
    for at in _peaks(profile, long, grain):
        line = _follow(ink, rows, at, grain)
        if line is None:
            continue
        count += 1
        _erase(cleaned, lines, ink, line)
    return cleaned, lines, count


def _slope(seen: Floats) -> float:
    """How much lines fall from left to right, in pixels a pixel: where the sums along them differ most."""
    step = max(1, seen.shape[1] // 96)
    small = seen[:, ::step]
    tries = np.arange(-_TURNED, _TURNED + _COARSE / 2, _COARSE)
    best = max(tries, key=lambda slope: _sharpness(small, slope, step))
    near = best + np.arange(-_COARSE, _COARSE + _FINE / 2, _FINE)
    return float(max(near, key=lambda slope: _sharpness(small, slope, step)))


def _sharpness(seen: Floats, slope: float, step: int) -> float:
    rows = _sheared(seen.shape, slope * step)
    weight = np.bincount(rows.ravel())
    profile = np.bincount(rows.ravel(), seen.ravel().astype(np.float64)) / np.maximum(weight, 1)
    return float(np.square(np.diff(profile[weight > 0.5 * seen.shape[1]])).sum())


def _sheared(shape: tuple[int, ...], slope: float) -> NDArray[np.int64]:
    """For each pixel the number of the line of this slope that it lies on."""
    fall = slope * np.arange(shape[1])
    rows: NDArray[np.int64] = np.rint(np.arange(shape[0])[:, None] - fall + fall.max()).astype(np.int64)
    return rows - int(rows.min())


def _peaks(profile: NDArray[np.float64], long: Mask, grain: float) -> list[int]:
    """Where sums along lines stand out from those around them."""
    from scipy.ndimage import maximum_filter1d, median_filter  # type: ignore[import-untyped]  # slow to import

    around = median_filter(profile, size=4 * _STRIP + 1, mode="nearest")
    high = profile - around
    floor = max(0.35 * grain, 0.4)
    top = (high == maximum_filter1d(high, 2 * _STRIP - 3)) & (high > floor) & long
    return [int(row) for row in top.nonzero()[0]]


class _Line(NamedTuple):
    middle: Floats  # the row of its middle in each column
    columns: NDArray[np.int64]  # where it lies on the picture
    strength: Floats  # of the line, at each distance from its middle, -_STRIP.._STRIP


def _follow(ink: Floats, rows: NDArray[np.int64], at: int, grain: float) -> _Line | None:
    """Follow a line from rim to rim, as it bends; None if it does not cover its way, as drawn lines do not."""
    from scipy.ndimage import median_filter

    offset = rows[0, :]
    base = at - offset  # the row at which the line crosses each column
    columns = ((base >= 0) & (base < ink.shape[0])).nonzero()[0]
    reach = np.arange(-_STRIP, _STRIP + 1)
    strip = _strip(ink, base[columns], columns, reach)
    near = strip[_STRIP - 2 : _STRIP + 3]
    # Ink that crosses must not pull the line aside: the strongest row of a stretch decides.
    usual = np.minimum(near, np.quantile(near.max(0), 0.6) + grain)
    width = max(9, len(columns) // 12) | 1
    smooth = median_filter(usual, size=(1, width), mode="nearest")
    bend = smooth.argmax(0) - 2
    terms = np.polynomial.polynomial.polyvander(np.linspace(-1, 1, len(columns)), 2)
    fit = np.linalg.lstsq(terms, bend.astype(np.float64), rcond=None)[0]
    middle = base[columns] + np.clip(terms @ fit, -2, 2)
    strip = _strip(ink, np.rint(middle).astype(np.int64), columns, reach)
    around = np.median(np.concatenate([strip[:2], strip[-2:]]), axis=0)
    core = strip[_STRIP - 1 : _STRIP + 2].max(0)
    typical = float(np.median(core))
    seen = core > max(_STAND_OUT * grain * 0.6, 0.35 * typical)
    ends = max(2, round(_ENDS * len(columns)))
    if typical < max(grain, 1.5) or min(seen[:ends].mean(), seen[-ends:].mean()) < 0.5 or seen.mean() < _COVERED:
        return None
    thin = np.median(strip[[0, 1, -2, -1]], axis=1).max()
    if thin > 0.5 * typical or float(np.median(around)) > 0.5 * typical:  # broad: an edge of a shadow, not a line
        return None
    strength = np.maximum(np.median(strip, axis=1), 0).astype(np.float32)
    return _Line(middle.astype(np.float32), columns, strength)


def _strip(ink: Floats, middle: NDArray[np.int64], columns: NDArray[np.int64], reach: NDArray[np.int64]) -> Floats:
    """The ink within `reach` of a line, `(len(reach), len(columns))`."""
    rows = np.clip(middle[None] + reach[:, None], 0, ink.shape[0] - 1)
    strip: Floats = ink[rows, columns[None]]
    return strip


def _erase(cleaned: Floats, lines: Mask, ink: Floats, line: _Line) -> None:
    """Take a line off, in place, where nothing darker crosses it; and join what it cut."""
    reach = np.arange(-_STRIP, _STRIP + 1)
    middle = np.rint(line.middle).astype(np.int64)
    wide = line.strength > 0.15 * line.strength.max()
    half = int(np.abs(reach[wide]).max()) if wide.any() else 1
    top = float(line.strength.max())
    inside = np.abs(reach) <= half
    rows = np.clip(middle[None] + reach[inside, None], 0, ink.shape[0] - 1)
    at = (rows, np.broadcast_to(line.columns[None], rows.shape))
    local = np.maximum(line.strength[inside], 0.25 * top)[:, None]
    there = ink[at]
    crossing = there > _RATHER * top
    left = np.where(crossing, there, np.clip(there - 1.35 * local, 0, None))
    # On both sides of the line there is ink: so there was between them.
    above = _strip(ink, middle - half - 2, line.columns, np.arange(-1, 2)).max(0)
    below = _strip(ink, middle + half + 2, line.columns, np.arange(-1, 2)).max(0)
    joined = np.minimum(above, below)[None]
    cleaned[at] = np.minimum(cleaned[at], np.maximum(left, np.minimum(joined, there)))
    lines[at] = True
