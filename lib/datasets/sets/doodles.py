"""Doodles: little drawings by our own pen, which are always there."""

from pathlib import Path

from lib.datasets.sets.kind import GREY, WRITTEN, DatasetInfo, DatasetKind, Parts, Program, Strangers
from lib.pen import doodles, nature, shapes, sketchbook, strokes, things
from lib.pen.sketchbook import TEST_COUNT, TRAIN_COUNT


def _read(_: Path) -> Parts:
    return sketchbook.load_doodles()


def _drawing() -> str:
    return (
        f"images, labels = draw_doodles({TRAIN_COUNT:_}, seed=1)\n"
        f"test_images, test_labels = draw_doodles({TEST_COUNT:_}, seed=2)"
    )


DOODLES = DatasetKind(
    info=DatasetInfo(
        "doodles",
        "Doodles",
        ("circle", "square", "triangle", "star", "heart", "house", "smiley", "fish", "tree", "cup"),
        GREY,
        (TRAIN_COUNT // 10,) * 10,
        TEST_COUNT,
        True,
        "Little drawings made by a shaky pen of our own, in ten kinds that anyone can redraw with a mouse.",
    ),
    read=_read,
    layout=WRITTEN,
    strangers=Strangers("doodles"),
    torch=Program(
        _drawing,
        tuple((module, ()) for module in (strokes, shapes, things, nature, doodles)),
        said="They are drawn here and now by a shaky pen, which takes about a second.",
    ),
)
