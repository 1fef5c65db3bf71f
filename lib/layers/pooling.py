"""What both kinds of pooling share: one number of every block."""

from typing import Any

from lib.layers.kind import Arrival, Mend, Shape, ShapeError, describe, need_maps
from lib.telling import told


def pooled(layer: Any, at: Arrival) -> Shape:
    """What comes out of whole blocks of `layer.size`. Raises ShapeError."""
    channels, height, width = need_maps(layer, at)
    if layer.size > min(height, width):
        raise ShapeError(
            at.index,
            f"{at.name} takes {layer.size}×{layer.size} blocks, but only {describe(at.shape)} arrives: "
            "there is nothing left to pool.",
            Mend("Remove this pooling", at.with_layer(None), told("refused.mend_remove")),
            told("refused.blocks", layer=at.name, size=layer.size, arrives=describe(at.shape)),
        )
    return (channels, height // layer.size, width // layer.size)
