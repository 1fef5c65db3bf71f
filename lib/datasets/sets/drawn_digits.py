"""Drawn digits: what our own pen writes, which is always there."""

from pathlib import Path

from lib.datasets.sets.kind import DIGITS, GREY, WRITTEN, DatasetInfo, DatasetKind, Parts, Strangers
from lib.pen import sketchbook
from lib.pen.sketchbook import TEST_COUNT, TRAIN_COUNT


def _read(_: Path) -> Parts:
    return sketchbook.load_numerals()


DRAWN_DIGITS = DatasetKind(
    info=DatasetInfo(
        "drawn-digits",
        "Drawn digits",
        DIGITS,
        GREY,
        (TRAIN_COUNT // 10,) * 10,
        TEST_COUNT,
        True,
        "Digits that our own pen writes as people do on a screen: printed ones with flag and foot, and joined up.",
        mirrors=False,
    ),
    read=_read,
    layout=WRITTEN,
    strangers=Strangers("drawn digits"),
)
