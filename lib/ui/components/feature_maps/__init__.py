"""Every layer's maps of one picture, with the answer beside them; see `feature_maps`."""

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import ArrayLike
from pydantic import Field

from lib.ui.components import Index, Message, heard, register

Normalise = Literal["map", "layer"]


class _Selected(Message):
    layer: Annotated[str, Field(max_length=40)]
    index: Index


def clicked(key: str) -> dict[str, Any] | None:
    """The map, unit or answer last clicked: {"layer": "conv1", "index": 2} (index from 0), or None."""
    found = heard(key, "selected", _Selected)
    return found.model_dump() if found else None


def feature_maps(
    *,
    key: str,
    picture: Mapping[str, Any],
    layers: Sequence[Mapping[str, Any]],
    answer: Mapping[str, Any],
    normalise: Normalise = "map",
    step: int | None = None,
    first: Mapping[str, Any] | None = None,
    net: Mapping[str, Any] | None = None,
    where: str = "",
    on_selected_change: Callable[[], None] = lambda: None,
) -> Any:
    """Paint one picture's way through the net; new data repaints in place.

    picture: {"png": base64, "caption": "28×28 · a boot"}, optionally "title" ("Your picture")
    layers: each {"name": "conv1", "kind": "conv", "caption": "8 filters 3×3, ReLU · 28×28"} together with what
        `encode_maps` gives for it; kinds are conv, pool, and drawn as a strip of cells dense, flatten and mean;
        optionally "links", what feeds it (see `lib.ui.net.layer_inputs`), for the lines at the pointer
    answer: {"classes": names, "probabilities": floats, "truth": class index or None}, optionally "links", and
        "strange": whether nothing that the net has learned looks like the picture; of many classes the ten likeliest
    normalise: as given to `encode_maps`; it only chooses the legend
    step: the iteration the numbers belong to
    net: of one that runs in the page, {"address": of its weights, "step": at least so far, "sheet": a canvas or None};
        then the picture has "pixels" (an array of bytes) and "turn" in place of "png", and the layers have sizes alone
    where: where the numbers are made, if that is worth saying
    first: what is selected before anything was clicked; with it answers can be selected too, as layer "answer"

    `clicked(key)` is what was last clicked.
    """
    selected = clicked(key) or first
    data = {
        "picture": dict(picture),
        "layers": [dict(layer) for layer in layers],
        "answer": dict(answer),
        "normalise": normalise,
        "step": step,
        "selected": selected and dict(selected),
        "opens": first is not None,
        "net": net and dict(net),
        "where": where,
    }
    mount = register("feature_maps")
    return mount(key=key, data=data, default={"selected": None}, on_selected_change=on_selected_change)


def encode_maps(maps: ArrayLike, *, normalise: Normalise = "map") -> dict[str, Any]:
    """Return activations (C, H, W) or (C,) as bytes for `feature_maps`, with the ends of each scale.

    "map" stretches each map between its own lowest and highest value, "layer" all maps between the layer's; a vector
    is always on the layer's scale, since a single number has no range of its own.
    """
    values = np.nan_to_num(np.asarray(maps, dtype=np.float32))
    vector = values.ndim == 1
    values = values.reshape(-1, 1, 1) if vector else values
    axes = None if vector or normalise == "layer" else (1, 2)
    low, high = values.min(axis=axes, keepdims=True), values.max(axis=axes, keepdims=True)
    scaled = np.divide(values - low, high - low, out=np.zeros_like(values), where=high > low)
    channels, height, width = values.shape
    return {
        "channels": channels,
        "height": height,
        "width": width,
        "bytes": (scaled * 255).round().astype(np.uint8).ravel(),
        "low": low.ravel(),
        "high": high.ravel(),
    }
