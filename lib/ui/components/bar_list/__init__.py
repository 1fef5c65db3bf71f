"""Numbers with names as a list of bars, one or two to a line; see `bar_list`."""

from collections.abc import Mapping, Sequence
from typing import Any

from lib.ui.components import register


def bar_list(
    *,
    key: str,
    title: str,
    rows: Sequence[Mapping[str, Any]],
    note: str = "",
    names: Sequence[str] = (),
    limit: float | None = None,
    step: int | None = None,
) -> None:
    """Draw one line for each row; new numbers move the bars that are there.

    rows: each {"label": "bag", "values": one or two numbers (None: nothing to show), "texts": one for each value},
        optionally "group": a word over the rows that follow, "best": True for the line that stands out
    names: what the values are, where there are two ("before", "after"); the first is drawn quietly
    limit: the length of a whole bar; None: the largest number. Numbers below zero go to the left of it.
    step: the iteration the numbers belong to
    """
    data = {
        "title": title,
        "note": note,
        "rows": [dict(row) for row in rows],
        "names": list(names),
        "limit": limit,
        "step": step,
    }
    register("bar_list")(key=key, data=data)
