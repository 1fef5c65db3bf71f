"""How often each class was taken for each; see `confusion`."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from lib.ui.components import Index, Message, register


class Cell(Message):
    """A cell of the matrix, by the numbers of its classes."""

    truth: Index
    answer: Index


def confusion(
    *,
    key: str,
    classes: Sequence[str],
    counts: Sequence[Sequence[int]],
    caption: str,
    scores: Sequence[Sequence[float | None]] = (),
    chosen: tuple[int, int] | None = None,
    on_chosen: Callable[[], None] | None = None,
) -> Any:
    """Show a confusion matrix: right answers green, wrong ones warm, the stronger the more of their class.

    counts: rows = truth, columns = answer
    caption: which net and which pictures were counted
    scores: recall, precision and F1 of each class, 0..1, shown beside its row
    chosen: the cell (truth, answer) that is marked
    on_chosen: with it cells can be chosen, by a click or by the arrow keys and Enter; called when one is, then
        `heard(key, "chosen", Cell)` says which
    """
    data = {
        "classes": list(classes),
        "counts": [list(row) for row in counts],
        "caption": caption,
        "scores": [list(row) for row in scores],
        "chosen": list(chosen) if chosen else None,
        "opens": on_chosen is not None,
    }
    listens = {"on_chosen_change": on_chosen} if on_chosen else {}
    return register("confusion")(key=key, data=data, **listens)


def confusion_difference(
    *,
    key: str,
    classes: Sequence[str],
    cells: Sequence[Sequence[Mapping[str, Any]]],
    title: str,
    caption: str,
    says: str,
    chosen: tuple[int, int] | None,
    on_chosen: Callable[[], None],
) -> Any:
    """Show what one confusion matrix has more or less than another, green where the first net is the better one.

    cells: rows = truth, columns = answer, each {"text": in the cell, "title": in words, "share": strength 0..1,
        "better": whether the first net is}
    title, caption, says: above the matrix and below it; the rest as in `confusion`
    """
    data = {
        "classes": list(classes),
        "counts": [],
        "cells": [[dict(cell) for cell in row] for row in cells],
        "caption": caption,
        "title": title,
        "says": says,
        "chosen": list(chosen) if chosen else None,
        "opens": True,
    }
    return register("confusion")(key=key, data=data, on_chosen_change=on_chosen)
