"""One picture as numbers: its pixels under the pointer, its planes, and the flat vector beside them."""

from base64 import b64encode
from collections.abc import Mapping
from typing import Any

from torch import Tensor

from lib.ui.components import register


def picture_numbers(
    *,
    key: str,
    words: Mapping[str, Any],
    pixels: Tensor,
    scale: float,
    caption: str,
    label: Mapping[str, Any] | None,
    withheld: bool = False,
) -> None:
    """Show `pixels` uint8 `(C, H, W)` large; pointing at a pixel marks its place in the vector, and back.

    words: of the part "data", see `lib.ui.words.for_browser`
    scale: what a net sees is the pixel times this
    caption: which picture it is
    label: {"index", "name", "classes": all names in order}; None for a picture without one

    withheld: a lesson asks for the length of the vector, which is a question mark

    Three planes are drawn beside each other as red, green and blue. The vector's order is torch's: plane by plane,
    row by row. Everything happens in the browser.
    """
    channels, height, width = pixels.shape
    data = {
        **words,
        "pixels": b64encode(pixels.contiguous().numpy().tobytes()).decode(),
        "shape": [channels, height, width],
        "scale": scale,
        "caption": caption,
        "label": dict(label) if label else None,
        "withheld": withheld,
    }
    register("picture_numbers")(key=key, data=data)
