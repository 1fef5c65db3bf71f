"""Accuracy against what it cost: seconds, parameters, multiply-adds; see `cost_scatter`."""

from collections.abc import Mapping, Sequence
from typing import Any

from lib.ui.components import register


def cost_scatter(*, key: str, runs: Sequence[Mapping[str, Any]]) -> None:
    """Draw each run as its marker in three little charts; seconds and accuracy move while it trains.

    runs: at most eight, each {"id", "name", "parameters", "multiply_adds": of one picture}; the place in the list
        decides colour and marker, as in `overlay_curves`
    """
    register("cost_scatter")(key=key, data={"runs": [dict(run) for run in runs]})
