"""Digits: the 1,797 real scanned digits that scikit-learn ships, shown the way MNIST shows its own."""

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image, ImageFilter, ImageOps
from torch import Tensor

from lib.pictures.layout import crop_to_ink, fit_into, lay_on

# Their order is kept from the forms: fourteen times the same form with about 130 digits, filled in one after the other
# by thirteen people, so says the description; forms one and two, which train, are the most alike. The last three forms
# test, so that nobody who wrote a training picture wrote a test picture.
FIRST_TESTED = 1_415
TRAIN_COUNTS = (140, 143, 140, 144, 142, 143, 142, 141, 139, 141)
TEST_COUNT = 382
CELLS = 8  # a side of their scans
_PEN = 1 / 8  # of a digit's longer side: the pens of the people who filled in the forms
_FINE = 128  # pixels; a drawing is scanned from this size
_ENLARGED = 80  # pixels; smooth enough to cut the ink out
_CONTRAST = 2.0  # 8 x 8 pixels enlarged are a blur; this gives strokes an edge


def show_digit(pixels: NDArray[np.float64]) -> Image.Image:
    """Enlarge 8 x 8 values of 0..16 smoothly; put the ink in a 20 x 20 box, its centre of mass in the middle."""
    return lay_on(fit_into(crop_to_ink(_enlarged(pixels * (255 / 16))), 20), (28, 28), "mass")


def scan(ink: Image.Image) -> Image.Image:
    """Make of anybody's digit, light ink on black, what the data set's scanner would have made of it: 80 x 80 pixels.

    Lines become as thick as those of the forms' pens, and the picture, made square, is read off in 8 x 8 cells.
    (Alpaydin & Kaynak 1998: theirs are the counts of ink in blocks of 4 x 4.)
    """
    fine = fit_into(ink, _FINE)
    grow = max(0, round((_PEN * _FINE - _thickness(fine)) / 2))
    side = _FINE + 2 * grow
    sheet = Image.new("L", (side, side))
    sheet.paste(fine, ((side - fine.width) // 2, (side - fine.height) // 2))
    for _ in range(grow):
        sheet = sheet.filter(ImageFilter.MaxFilter(3))
    cells = np.asarray(sheet.resize((CELLS, CELLS), Image.Resampling.BOX), dtype=np.float64)
    return _enlarged(cells * (255 / max(cells.max(), 1.0)))  # theirs, too, nearly always have a full cell


def _thickness(ink: Image.Image) -> float:
    """How thick the lines are, in pixels: their area over half of their rim."""
    area = float(np.asarray(ink, dtype=np.float64).sum())
    core = float(np.asarray(ImageOps.expand(ink, 1).filter(ImageFilter.MinFilter(3)), dtype=np.float64).sum())
    return 2 * area / max(area - core, 1.0)


def _enlarged(cells: NDArray[np.float64]) -> Image.Image:
    """Enlarge 8 x 8 values of 0..255 smoothly, and sharpen their edges."""
    small = Image.fromarray(cells.round().astype(np.uint8))
    enlarged = small.resize((_ENLARGED, _ENLARGED), Image.Resampling.BICUBIC)
    return enlarged.point([round(min(255, max(0, (v - 128) * _CONTRAST + 128))) for v in range(256)])


def load_digits() -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Return training pictures and labels, then those of other hands to test: uint8 `(N, 1, 28, 28)`, int64 `(N,)`."""
    from sklearn.datasets import load_digits as read_digits  # a second to import, so only when asked for

    pixels, target = read_digits(return_X_y=True)
    labels = torch.from_numpy(target).long()
    images = torch.stack([torch.from_numpy(np.array(show_digit(p.reshape(8, 8)))) for p in pixels])[:, None]
    return images[:FIRST_TESTED], labels[:FIRST_TESTED], images[FIRST_TESTED:], labels[FIRST_TESTED:]
