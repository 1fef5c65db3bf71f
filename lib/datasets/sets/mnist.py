"""MNIST: handwritten digits (LeCun, Cortes & Burges 1998)."""

from lib.datasets.sets.downloaded import idx_set
from lib.datasets.sets.kind import DIGITS, GREY, WRITTEN, DatasetInfo, Strangers

MNIST = idx_set(
    DatasetInfo(
        "mnist",
        "MNIST",
        DIGITS,
        GREY,
        (5_923, 6_742, 5_958, 6_131, 5_842, 5_421, 5_918, 6_265, 5_851, 5_949),
        10_000,
        False,
        "Handwritten digits from forms and schools, the picture set that most courses begin with.",
        mirrors=False,
    ),
    "MNIST",
    WRITTEN,
    Strangers("digits"),
    keras="mnist",
)
