"""Accuracy over one quantity for several nets, as curves; see `shift_curves`."""

from collections.abc import Mapping, Sequence
from typing import Any

from lib.ui.components import register


def shift_curves(
    *,
    key: str,
    charts: Sequence[Mapping[str, Any]],
    lines: Sequence[Mapping[str, Any]],
    guess: float,
    plotly_url: str,
) -> None:
    """Draw charts side by side, with the same nets in all of them.

    charts: each {"name": for tests, "title", "sentence": a summary, "x": places on the axis, "tick": between two
        numbers on it, "unit": after each of them ("°", "×")}
    lines: each {"title", "line": its colour 0..2, "dotted": bool, "y": one list of accuracies 0..1 for each chart}
    guess: the accuracy of guessing, a thin line
    """
    data = {
        "charts": [dict(chart) for chart in charts],
        "lines": [dict(line) for line in lines],
        "guess": guess,
        "plotly": plotly_url,
    }
    register("shift_curves")(key=key, data=data)
