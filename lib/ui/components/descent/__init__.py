"""A ball on a curve that goes down by gradient descent, step by step; see `descent`."""

from collections.abc import Mapping, Sequence
from typing import Any

from lib.ui.components import register


def descent(*, key: str, words: Mapping[str, Any], curves: Sequence[Mapping[str, Any]], title: str, hint: str) -> None:
    """Let the person choose a rate and momentum and go down a curve: one step, or many.

    words: of the part "descent"
    curves: each {"name", "rates": [[rate, word], ...], "start": W, "from", "to": the axis, "axis": its title}; "bowl"
        and "hills" are the browser's own; one with "positions" and "losses" is drawn through these points, and its
        title is "label", and "here" marks the place where the net stands
    title, hint: over and under which it stands

    W_new = W - rate * velocity, with velocity = momentum * velocity + slope, as `torch.optim.SGD` does it.
    """
    data = {**words, "key": key, "curves": [dict(curve) for curve in curves], "title": title, "hint": hint}
    register("descent")(key=key, data=data)
