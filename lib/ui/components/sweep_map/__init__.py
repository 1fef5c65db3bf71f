"""What a sweep found: a heat map of two settings, or parallel coordinates of three; see `sweep_map`."""

from collections.abc import Mapping, Sequence
from typing import Any

from lib.ui.components import register


def sweep_map(*, key: str, settings: Sequence[Mapping[str, Any]], runs: Sequence[Mapping[str, Any]]) -> None:
    """Draw the validation accuracy of every combination tried; new numbers fill the places that are there.

    settings: two or three, each {"title": "Learning rate", "values": texts in order}
    runs: each {"places": one index for each setting, "accuracy": 0..1 or None, "state": "planned", "waiting",
        "running", "done", "stopped" (early) or "failed", "best": whether it is the best, "note": a sentence}
    """
    data = {"settings": [dict(setting) for setting in settings], "runs": [dict(run) for run in runs]}
    register("sweep_map")(key=key, data=data)
