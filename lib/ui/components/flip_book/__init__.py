"""A slider that leafs through pictures with a net's answers, several side by side; see `flip_book`."""

from collections.abc import Mapping, Sequence
from typing import Any

from lib.ui.components import register


def flip_book(
    *,
    key: str,
    slider: str,
    stops: Sequence[str],
    columns: Sequence[Mapping[str, Any]],
    classes: Sequence[str],
    from_class: int | None = None,
    to_class: int | None = None,
    start: int = 0,
) -> None:
    """Leaf through frames in the browser, without asking the server: the slider moves all columns at once.

    slider: what it is called; stops: one text for each frame; start: the frame to begin with
    columns: each {"title", "sentence", "frames": one {"png": base64 or absent, "shares": probabilities} for each stop,
        "first": the frame from which the answer is another one, None if none}
    classes: their names; from_class, to_class: the two that stand first among the bars
    """
    data = {
        "slider": slider,
        "stops": list(stops),
        "columns": [dict(column) for column in columns],
        "classes": list(classes),
        "from": from_class,
        "to": to_class,
        "start": start,
    }
    register("flip_book")(key=key, data=data)
