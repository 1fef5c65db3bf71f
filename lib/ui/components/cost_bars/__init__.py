"""Nets side by side: parameters, multiply-adds and seconds; see `cost_bars`."""

from collections.abc import Mapping, Sequence
from typing import Any

from lib.ui.components import register


def cost_bars(*, key: str, words: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], note: str) -> None:
    """Draw a line for each net with three bars, each on its column's own scale.

    words: of the part "cost"
    rows: each {"name", "parameters", "multiply_adds" of one picture, "seconds" of an epoch, None while unknown}
    """
    data = {**words, "rows": [dict(row) for row in rows], "note": note}
    register("cost_bars")(key=key, data=data)
