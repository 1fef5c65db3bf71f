"""Kuzushiji-MNIST: cursive Japanese from old books (Clanuwat et al. 2018)."""

from lib.datasets.sets.downloaded import idx_set
from lib.datasets.sets.kind import FILLING, GREY, DatasetInfo, Strangers

KMNIST = idx_set(
    DatasetInfo(
        "kmnist",
        "Kuzushiji-MNIST",
        ("o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"),
        GREY,
        (6_000,) * 10,
        10_000,
        False,
        "Japanese characters from old books; each can be written in several very different ways.",
        mirrors=False,
    ),
    "KMNIST",
    FILLING,
    Strangers("Japanese characters"),
)
