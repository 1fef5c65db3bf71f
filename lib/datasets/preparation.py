"""From anybody's picture to what a net expects: the steps that the training pictures imply, each one shown."""

from collections.abc import Collection, Iterator
from typing import NamedTuple

import numpy as np
import torch
from PIL import Image, ImageOps
from torch import Tensor

from lib.datasets.measured_rules import conventions
from lib.datasets.scans import CELLS, scan
from lib.datasets.splits import Dataset
from lib.pictures.layout import crop_to_ink, fit_into, ink_box, lay_on
from lib.pictures.load import flatten
from lib.pictures.paper import ink_of
from lib.pictures.rules import Conventions

STEPS = ("picture", "grey", "polarity", "crop", "scan", "resize", "centre", "final")


_RIM = 0.008  # of the shorter side: what comes so near to the edge reaches it
_REACHES = "The ink reaches the rim"
_COUNTS = {2: "two", 3: "three", 4: "all four"}


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

    @property
    def doubt(self) -> str | None:
        """What is seen where the paper of a photo could not be cleaned, in a sentence."""
        said = (step.sentence.partition(_REACHES) for step in self.steps)
        return next((found + rest for _, found, rest in said if found), None)


def steps_for(dataset: Dataset) -> tuple[str, ...]:
    """Name the steps that pictures for `dataset` take, in their order."""
    rules = conventions(dataset)
    left_out = {"polarity", "scan", "centre"} if rules.photo else set() if rules.scanned else {"scan"}
    return tuple(name for name in STEPS if name not in left_out)


def choices_for(dataset: Dataset) -> tuple[str, ...]:
    """Name those of them that can be left out, because then something else happens."""
    idle = {"picture": True, "grey": dataset.input_shape[0] != 1, "final": dataset.train.scale == 1.0}
    return tuple(name for name in steps_for(dataset) if not idle.get(name))


def prepare(image: Image.Image, dataset: Dataset, steps: Collection[str] | None = None) -> Prepared:
    """Make `image` look like the training pictures of `dataset`: tensor plus the pictures on the way.

    `steps` names which of `STEPS` are done (None: all); leaving others out shows what they are for: without "grey" one
    colour is taken for all of them, without "final" pixels keep 0..255. A blank picture gives a uniform tensor.
    ValueError for an unknown step.
    """
    done = frozenset(STEPS if steps is None else steps)
    if unknown := done - frozenset(STEPS):
        raise ValueError(f"There is no step called {min(unknown)!r}; there are {', '.join(STEPS)}.")
    channels, height, width = dataset.input_shape
    rules = conventions(dataset)
    picture = flatten(image)
    trail = [Step("picture", f"Your picture, {picture.width:,} × {picture.height:,} pixels.", picture)]
    trail.append(_grey(picture, channels, "grey" in done))
    shape, start = (width, height), trail[-1].image
    trail += _photo(start, shape, done) if rules.photo else _drawing(start, rules, shape, done)

    final = trail[-1].image
    if final.size != shape:
        by = Image.Resampling.NEAREST if rules.photo else Image.Resampling.LANCZOS
        final = final.resize(shape, by)
    scale = dataset.train.scale if "final" in done else 1.0
    planes = "" if channels == 1 else f"{channels} planes of "
    said = f"{planes}{width} × {height} numbers from 0 to {255 * scale:.0f}: all that the net sees."
    trail.append(Step("final", said, final))
    pixels = torch.from_numpy(np.array(final)).view(1, height, width, channels).permute(0, 3, 1, 2)
    return Prepared(pixels.float() * scale, trail)


def _grey(picture: Image.Image, channels: int, is_done: bool) -> Step:
    if channels != 1:
        return Step("grey", "Colour is kept, because the training pictures have it.", picture)
    if is_done:
        return Step("grey", "Colour is dropped: each pixel keeps only how light it is.", picture.convert("L"))
    return Step("grey", "Only the red of each pixel is taken: what is red on white is gone.", picture.getchannel("R"))


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


def _sides_reached(ink: Image.Image) -> int:
    """On how many sides ink, light on black, comes up to the edge of the picture."""
    rim, box = max(1, round(_RIM * min(ink.size))), ink_box(ink)
    if box is None:
        return 0
    return (box[0] < rim) + (box[1] < rim) + (box[2] > ink.width - rim) + (box[3] > ink.height - rim)


def _drawing(grey: Image.Image, rules: Conventions, size: tuple[int, int], done: frozenset[str]) -> Iterator[Step]:
    """Find the ink and lay it out as the training pictures have theirs."""

    def shown(ink: Image.Image) -> Image.Image:
        return ink if rules.light_ink else ImageOps.invert(ink)

    ink = shown(grey)  # light on black from here on
    if "polarity" in done:
        ink, dark, photo, lines = ink_of(grey)
        theirs = "light on dark" if rules.light_ink else "dark on light"
        said = f"Light and dark are swapped: the training pictures are {theirs}."
        if dark != rules.light_ink:
            said = f"Already {theirs}, like the training pictures; the paper is made even."
        if photo and lines:
            what = "a line that was" if lines == 1 else f"{lines} lines that were"
            said += f" The light is evened out, and {what} printed on the paper taken off."
        elif photo:
            said += " The light is evened out, and grain is taken off."
        if photo and (sides := _sides_reached(ink)) >= 2:
            said += (
                f" {_REACHES} on {_COUNTS[sides]} sides: something beside the drawing may be taken for ink. Cut the "
            )
            said += "picture to the drawing, or put it on blank paper in even light."
        yield Step("polarity", said, shown(ink))

    sheet, box = ink.size, ink_box(ink)
    if box is None:  # nothing to lay out
        return
    if "crop" in done:
        ink = crop_to_ink(ink)
        yield Step("crop", f"Only the box around the ink is kept, {ink.width:,} × {ink.height:,} pixels.", shown(ink))
    if "scan" in done and rules.scanned:
        ink = scan(ink)
        said = f"The training pictures were written with thick pens and scanned in {CELLS} × {CELLS} cells: so is this."
        yield Step("scan", said, shown(ink))
        ink = crop_to_ink(ink) if "crop" in done else ink
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
