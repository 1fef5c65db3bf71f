"""How a drawing is laid on a small picture: cut out the ink, fit it into a box, put the box on the canvas.

Pictures here are "L" images with light ink on black. Training pictures made here and pictures brought by people
go through the same functions, so that a net meets only what it knows.
"""

from typing import Literal

import numpy as np
from PIL import Image

Centring = Literal["mass", "box"]

INK = 32  # of 255; anything fainter is paper


def ink_box(ink: Image.Image) -> tuple[int, int, int, int] | None:
    """Return left, top, right, bottom of what is not paper, or None."""
    return ink.point([255 * (v > INK) for v in range(256)]).getbbox()


def crop_to_ink(ink: Image.Image) -> Image.Image:
    """Cut away the empty rim; a blank picture stays as it is."""
    return ink.crop(ink_box(ink))


def fit_into(ink: Image.Image, box: int) -> Image.Image:
    """Resize so that the longer side is `box` pixels, keeping the shape; lines that got faint shine again."""
    scale = box / max(ink.size)
    size = (max(1, round(ink.width * scale)), max(1, round(ink.height * scale)))
    small = ink.resize(size, Image.Resampling.LANCZOS)
    # A thin line on a large sheet covers only a part of each small pixel.
    gain = min(max(1.0, strength(ink) / max(1, strength(small))), 6.0)
    return small.point([min(255, round(v * gain)) for v in range(256)])


def strength(ink: Image.Image) -> int:
    """Return how light the ink is: four fifths of its pixels are no lighter."""
    counts = np.cumsum(ink.histogram()[INK + 1 :])
    return INK + 1 + int(np.searchsorted(counts, 0.8 * counts[-1]))


def centre_of(ink: Image.Image, by: Centring) -> tuple[float, float]:
    """Return x, y of the centre of mass, or of the middle, in pixels from the upper left corner."""
    weight = np.asarray(ink, dtype=np.float64)
    if by == "box" or not weight.any():
        return ink.width / 2, ink.height / 2
    total = weight.sum()
    x = (weight.sum(0) * (np.arange(ink.width) + 0.5)).sum() / total
    y = (weight.sum(1) * (np.arange(ink.height) + 0.5)).sum() / total
    return float(x), float(y)


def lay_on(ink: Image.Image, size: tuple[int, int], by: Centring, at: tuple[float, float] = (0.5, 0.5)) -> Image.Image:
    """Lay `ink` on black of `size` (width, height), its centre `at` a share of it, but never over the edge."""
    x, y = centre_of(ink, by)
    left = min(max(0, round(size[0] * at[0] - x)), size[0] - ink.width)
    top = min(max(0, round(size[1] * at[1] - y)), size[1] - ink.height)
    canvas = Image.new("L", size)
    canvas.paste(ink, (left, top))
    return canvas
