"""Test accuracies as dots with error bars, one row for each net or setting; see `score_chart`."""

from collections.abc import Mapping, Sequence
from typing import Any

from lib.ui.components import register


def score_chart(*, key: str, title: str, rows: Sequence[Mapping[str, Any]], note: str) -> None:
    """Draw a row for each of `rows` on one axis of accuracy that is as narrow as the scores allow.

    rows: each {"label": "CNN", "scores": accuracies 0..1 of its runs, "centre": their mean, "spread": half the length
        of the error bar or None}, optionally "best": True for the one that came out ahead; no scores draws an empty row
    note: what the error bars are
    """
    data = {"title": title, "rows": [dict(row) for row in rows], "note": note}
    register("score_chart")(key=key, data=data)
