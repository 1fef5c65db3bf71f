"""From anybody's picture to what a net expects: the steps that the training pictures imply, each one shown."""

from collections.abc import Collection, Iterator
from typing import NamedTuple

import numpy as np
import torch
from PIL import Image, ImageOps
from torch import Tensor

from lib.data.conventions import Conventions, conventions
from lib.data.pictures import flatten
from lib.data.place import crop_to_ink, fit_into, ink_box, lay_on
from lib.data.splits import Dataset

STEPS = ("picture", "grey", "polarity", "crop", "resize", "centre", "final")
_FAINT = 24  # of 255: with less contrast than this, the sheet is empty


class Step(NamedTuple):
    """One picture on the way, and what was done to get it."""

    name: str
    sentence: str
    image: Image.Image


class Prepared(NamedTuple):
    """What the net gets, and how it came about."""

    tensor: Tensor  # float32 (1, C, H, W), scaled as the data set is
    steps: list[Step]

    @property
    def blank(self) -> bool:
        """Whether there is nothing on the picture."""
        return bool(self.tensor.max() == self.tensor.min())


def prepare(image: Image.Image, dataset: Dataset, steps: Collection[str] | None = None) -> Prepared:
    """Make `image` look like the training pictures of `dataset`: tensor plus the pictures on the way.

    `steps` names which of `STEPS` are done (None: all); "picture", "grey" and "final" always are. Leaving others
    out shows what they are for. A blank picture gives a uniform tensor. ValueError for an unknown step.
    """
    done = frozenset(STEPS if steps is None else steps)
    if unknown := done - frozenset(STEPS):
        raise ValueError(f"There is no step called {min(unknown)!r}; there are {', '.join(STEPS)}.")
    channels, height, width = dataset.input_shape
    rules = conventions(dataset)
    picture = flatten(image)
    trail = [Step("picture", f"Your picture, {picture.width:,} × {picture.height:,} pixels.", picture)]
    if channels == 1:
        trail.append(Step("grey", "Colour is dropped: each pixel keeps only how light it is.", picture.convert("L")))
    else:
        trail.append(Step("grey", "Colour is kept, because the training pictures have it.", picture))
    shape, start = (width, height), trail[-1].image
    trail += _photo(start, shape, done) if rules.photo else _drawing(start, rules, shape, done)

    final = trail[-1].image
    if final.size != (width, height):
        final = final.resize((width, height), Image.Resampling.LANCZOS)
    scale = dataset.train.scale
    planes = "" if channels == 1 else f"{channels} planes of "
    said = f"{planes}{width} × {height} numbers from 0 to {255 * scale:.0f}: all that the net sees."
    trail.append(Step("final", said, final))
    pixels = torch.from_numpy(np.array(final)).view(1, height, width, channels).permute(0, 3, 1, 2)
    return Prepared(pixels.float() * scale, trail)


def _photo(picture: Image.Image, size: tuple[int, int], done: frozenset[str]) -> Iterator[Step]:
    """Cut the middle to the right shape and shrink it; what is around a thing belongs to a photo."""
    if "crop" in done:
        scale = min(picture.width / size[0], picture.height / size[1])
        middle = (max(1, round(size[0] * scale)), max(1, round(size[1] * scale)))
        picture = ImageOps.fit(picture, middle)
        yield Step("crop", f"The middle is cut out, {picture.width:,} × {picture.height:,} pixels.", picture)
    if "resize" in done:
        picture = picture.resize(size, Image.Resampling.LANCZOS)
        yield Step("resize", f"It shrinks to {size[0]} × {size[1]} pixels.", picture)


def _drawing(grey: Image.Image, rules: Conventions, size: tuple[int, int], done: frozenset[str]) -> Iterator[Step]:
    """Find the ink and lay it out as the training pictures have theirs."""

    def shown(ink: Image.Image) -> Image.Image:
        return ink if rules.light_ink else ImageOps.invert(ink)

    ink = shown(grey)  # light on black from here on
    if "polarity" in done:
        ink, swapped = _ink_of(grey)
        theirs = "light on dark" if rules.light_ink else "dark on light"
        said = f"Light and dark are swapped: the training pictures are {theirs}."
        if swapped != rules.light_ink:
            said = f"The picture is already {theirs}, like the training pictures; the paper is made even."
        yield Step("polarity", said, shown(ink))

    sheet, box = ink.size, ink_box(ink)
    if box is None:  # nothing to lay out
        return
    if "crop" in done:
        ink = crop_to_ink(ink)
        yield Step("crop", f"Only the box around the ink is kept, {ink.width:,} × {ink.height:,} pixels.", shown(ink))
    if "resize" not in done:
        return
    room = min(rules.box, *size) if "crop" in done else min(size)
    ink = fit_into(ink, room)
    yield Step("resize", f"The longer side becomes {room} pixels, and the shape is kept.", shown(ink))
    if "centre" in done:
        ink = lay_on(ink, size, rules.centring)
        what = "its centre of mass" if rules.centring == "mass" else "its middle"
        yield Step("centre", f"It is laid on {size[0]} × {size[1]} pixels, {what} in the middle.", shown(ink))
    else:
        at = ((box[0] + box[2]) / 2 / sheet[0], (box[1] + box[3]) / 2 / sheet[1]) if "crop" in done else (0.5, 0.5)
        ink = lay_on(ink, size, "box", at)
        yield Step("centre", "It stays where it lay on your picture.", shown(ink))


def _ink_of(grey: Image.Image) -> tuple[Image.Image, bool]:
    """Return the ink light on an even black, and whether light and dark were swapped for it.

    Paper is what most of the edge looks like. Its own unevenness (a photographed sheet) is taken off, and the
    strongest ink becomes 255.
    """
    pixels = np.asarray(grey, dtype=np.float32)
    edge = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    paper = float(np.median(edge))
    swapped = paper >= 128
    ink = paper - pixels if swapped else pixels - paper
    ink = ink - 5 * float(np.median(np.abs(edge - paper)))
    strongest = float(ink.max())
    if strongest < _FAINT:
        return Image.new("L", grey.size), swapped
    return Image.fromarray((ink.clip(0) * (255 / strongest)).round().astype(np.uint8)), swapped
