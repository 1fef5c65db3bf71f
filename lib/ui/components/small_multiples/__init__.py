"""Several runs side by side in little charts of one scale, live; see `small_multiples`."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from lib.ui.components import register

Unit = Literal["epochs", "iterations", "seconds"]


def small_multiples(
    *,
    key: str,
    panels: Sequence[Mapping[str, Any]],
    unit: Unit,
    longest: float,
    guess_loss: float,
    guess_accuracy: float,
    first: Literal["loss", "accuracy"],
    valid_name: str = "validation",
) -> None:
    """Draw one chart for each panel; training solid, validation dashed, guessing grey, everywhere the same scale.

    panels: each {"name": "0.003", "note": what it is in few words, "runs": ids, None for those that wait; empty while
        they are only planned}, and once
        there is a verdict "word" ("good"), "reason" (its number) and "tone" ("good", "bad" or "level")
    unit, longest: of the x axis, and how far it goes
    first: which quantity is shown first; the person may change it
    """
    data = {
        "panels": [dict(panel) for panel in panels],
        "unit": unit,
        "longest": longest,
        "guess": {"loss": guess_loss, "accuracy": guess_accuracy},
        "first": first,
        "valid_name": valid_name,
    }
    register("small_multiples")(key=key, data=data)
