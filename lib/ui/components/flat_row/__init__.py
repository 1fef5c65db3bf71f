"""A picture as a grid and as one long row, the same pixel marked in both; see `flat_row`."""

from base64 import b64encode
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from lib.ui.components import register


def flat_row(*, key: str, words: Mapping[str, Any], pixels: ArrayLike, caption: str) -> None:
    """Show what a convolution gets of a picture, and what a dense layer gets.

    words: of the part "cost"
    pixels: grey values (H, W), 0 to 1
    """
    values = np.asarray(pixels, dtype="<f4")
    height, width = values.shape
    data = {**words, "width": width, "height": height, "data": b64encode(values.tobytes()).decode(), "caption": caption}
    register("flat_row")(key=key, data=data)
