"""The weights of a layer's filters on one scale; see `filter_grid`."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from lib.ui.components import register


def filter_grid(
    *,
    key: str,
    title: str,
    weights: Sequence[Mapping[str, Any]],
    channel_names: Sequence[str] = (),
    selected: int | None = None,
) -> None:
    """Show filters as small squares, blue below zero and orange above, and every weight exactly under the pointer.

    title: "conv1: 8 filters 3×3"
    weights: one filter each, best from `encode_filters`: {"data": an array of float32 or a list of floats in the order
        channel, row, column, "channels": inputs, "size": 3, "bias": float or None}
    channel_names: what the inputs are called ("red", "green", "blue")
    selected: the filter to mark, for instance that of the map chosen in `feature_maps`

    Zero is the middle of the scale and its ends are plus and minus the largest weight of them all.
    """
    data = {
        "title": title,
        "filters": [dict(filter_) for filter_ in weights],
        "names": list(channel_names),
        "selected": selected,
    }
    register("filter_grid")(key=key, data=data)


def encode_filters(weights: ArrayLike, bias: ArrayLike | None = None) -> list[dict[str, Any]]:
    """Return filters (F, C, k, k), and their biases (F,), as `filter_grid` wants them."""
    values = np.nan_to_num(np.asarray(weights, dtype="<f4"))
    _, channels, size, _ = values.shape
    biases = [None] * len(values) if bias is None else np.nan_to_num(np.asarray(bias, dtype=np.float64)).tolist()
    return [
        {"data": filter_.ravel(), "channels": channels, "size": size, "bias": offset}
        for filter_, offset in zip(values, biases, strict=True)
    ]
