"""How often each class was taken for each; see `confusion`."""

from collections.abc import Callable, Sequence
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
