"""A map of a net's loss over two directions, with the way it walked; see `landscape`."""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from lib.ui.components import register


def landscape(
    *,
    key: str,
    words: Mapping[str, Any],
    losses: ArrayLike,
    x: tuple[float, float],
    y: tuple[float, float],
    path: Sequence[Mapping[str, float]] = (),
) -> None:
    """Draw losses `(rows, columns)` as a map, the first row below, and let a ball go down on it.

    words: of the part "descent"
    x, y: the two ends of each direction; the net itself is at 0, 0
    path: moments in order, each {"x", "y", "step", "loss"}

    Colours go by the logarithm of the loss. Between the points that were computed, losses are interpolated.
    """
    values = np.asarray(losses, dtype="<f4")
    most = values[np.isfinite(values)].max(initial=1e-6)
    rows, columns = values.shape
    data = {
        **words,
        "rows": rows,
        "columns": columns,
        "data": b64encode(np.nan_to_num(values, nan=most, posinf=most).tobytes()).decode(),
        "x": list(x),
        "y": list(y),
        "path": [dict(moment) for moment in path],
    }
    register("landscape")(key=key, data=data)
