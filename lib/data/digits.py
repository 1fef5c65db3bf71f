"""Digits: the 1,797 real scanned digits that scikit-learn ships, shown the way MNIST shows its own."""

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from lib.data.balance import balanced_order
from lib.data.place import crop_to_ink, fit_into, lay_on

TEST_COUNT = 360
_ENLARGED = 80  # pixels; smooth enough to cut the ink out
_CONTRAST = 2.0  # 8 x 8 pixels enlarged are a blur; this gives strokes an edge
_SEED = 1797  # of the test split, so that the test pictures are always the same


def show_digit(pixels: "np.ndarray[tuple[int, int], np.dtype[np.float64]]") -> Image.Image:
    """Enlarge 8 x 8 values of 0..16 smoothly; put the ink in a 20 x 20 box, its centre of mass in the middle."""
    small = Image.fromarray((pixels * (255 / 16)).round().astype(np.uint8))
    enlarged = small.resize((_ENLARGED, _ENLARGED), Image.Resampling.BICUBIC)
    crisp = enlarged.point([round(min(255, max(0, (v - 128) * _CONTRAST + 128))) for v in range(256)])
    return lay_on(fit_into(crop_to_ink(crisp), 20), (28, 28), "mass")


def load_digits() -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Return training pictures and labels, then test pictures and labels: uint8 `(N, 1, 28, 28)`, int64 `(N,)`."""
    from sklearn.datasets import load_digits as read_digits  # a second to import, so only when asked for

    pixels, target = read_digits(return_X_y=True)
    labels = torch.from_numpy(target).long()
    images = torch.stack([torch.from_numpy(np.array(show_digit(p.reshape(8, 8)))) for p in pixels])[:, None]
    order = balanced_order(labels, torch.Generator().manual_seed(_SEED))
    test, train = order[:TEST_COUNT].sort().values, order[TEST_COUNT:].sort().values
    return images[train], labels[train], images[test], labels[test]
