"""What in a picture an answer rests on: maps laid over the picture; see `attribution`."""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from lib.ui.components import register


def attribution(
    *,
    key: str,
    picture: Mapping[str, Any],
    answer: Sequence[Mapping[str, Any]],
    panels: Sequence[Mapping[str, Any]],
    step: int | None = None,
) -> None:
    """Lay maps over one picture, side by side; the value under the pointer or the arrow keys is written out.

    picture: {"png": base64, "caption": "test picture 23: bag"}
    answer: lines beside it, {"label": "answer", "text": "bag", "share": 0..1}
    panels: each {"name": "saliency", "title", "sentence", "share": True if values are shares of 1, "smooth": whether
        the map is stretched smoothly} together with what `encode_map` gives for it; one without "data" shows its
        sentence "missing" instead
    step: the iteration the numbers belong to
    """
    data = {
        "picture": dict(picture),
        "answer": [dict(line) for line in answer],
        "panels": [dict(panel) for panel in panels],
        "step": step,
    }
    register("attribution")(key=key, data=data)


def encode_map(values: ArrayLike, *, signed: bool = False, least: float = 0.0) -> dict[str, Any]:
    """Return a map (H, W) as `attribution` wants it; a signed one gets the scale with zero in the middle.

    The end of the scale is the largest value, but not below `least`: next to nothing shall look like nothing.
    """
    numbers = np.nan_to_num(np.asarray(values, dtype="<f4"))
    height, width = numbers.shape
    return {
        "height": height,
        "width": width,
        "signed": signed,
        "most": max(float(np.abs(numbers).max()), least),
        "data": b64encode(numbers.tobytes()).decode(),
    }
