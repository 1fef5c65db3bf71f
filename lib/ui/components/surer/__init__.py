"""The loss of a real net that is made surer or less sure, while its accuracy stays; see `surer`."""

from collections.abc import Mapping, Sequence
from typing import Any

from lib.ui.components import register


def surer(
    *,
    key: str,
    words: Mapping[str, Any],
    title: str,
    hint: str,
    scales: Sequence[float],
    losses: Mapping[str, Sequence[float]],
    accuracy: float,
) -> None:
    """Let the person multiply a net's scores and see what that does to its loss.

    words: of the part "loss"; title, hint: over and under which it stands
    scales: what the scores were multiplied by, rising, 1 among them
    losses: "cross-entropy" and "mse", one number for each scale
    accuracy: 0..1, the same at every scale
    """
    data = {
        **words,
        "title": title,
        "hint": hint,
        "scales": list(scales),
        "losses": {name: list(values) for name, values in losses.items()},
        "accuracy": accuracy,
    }
    register("surer")(key=key, data=data)
