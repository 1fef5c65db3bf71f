"""Digits: real scanned digits that come with scikit-learn, so they are always there (Alpaydin & Kaynak 1998)."""

from dataclasses import replace
from pathlib import Path

from lib.datasets import scans
from lib.datasets.sets.kind import DIGITS as TEN
from lib.datasets.sets.kind import GREY, WRITTEN, DatasetInfo, DatasetKind, Parts, Program, Strangers
from lib.pictures import layout

_KERAS = f"""
pixels, labels = load_digits(return_X_y=True)
images = np.stack([np.array(show_digit(each.reshape(8, 8))) for each in pixels])[..., None]
FIRST_TESTED = {scans.FIRST_TESTED}  # from here on other people wrote
test_images, test_labels = images[FIRST_TESTED:], labels[FIRST_TESTED:]
images, labels = images[:FIRST_TESTED], labels[:FIRST_TESTED]
"""


def _read(_: Path) -> Parts:
    return scans.load_digits()


DIGITS = DatasetKind(
    info=DatasetInfo(
        "digits",
        "Digits",
        TEN,
        GREY,
        scans.TRAIN_COUNTS,
        scans.TEST_COUNT,
        True,
        "Real handwritten digits, scanned at 8 × 8 pixels and shown here at 28 × 28; few, so training takes seconds. "
        "Other people wrote the test pictures than the training and validation pictures.",
        mirrors=False,
        other_hands=True,
    ),
    read=_read,
    layout=replace(WRITTEN, scanned=True),
    strangers=Strangers("digits"),
    torch=Program(
        lambda: "images, labels, test_images, test_labels = load_digits()",
        ((layout, ()), (scans, ())),
        packages=("numpy", "scikit-learn", "pillow"),
        said="Each scanned digit is enlarged, given contrast and centred, the way MNIST shows its own.",
    ),
    keras=Program(
        lambda: _KERAS,
        ((layout, ()), (scans, ("show_digit",))),
        ("from sklearn.datasets import load_digits", "import numpy as np"),
        packages=("scikit-learn", "pillow"),
    ),
)
