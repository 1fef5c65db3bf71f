"""A bench to try filters on: paint a kernel and see its map at once, in the browser; see `filter_bench`."""

from base64 import b64encode
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from lib.ui.components import register


def filter_bench(*, key: str, pixels: ArrayLike, caption: str, asked: Mapping[str, str] | None = None) -> None:
    """Show a picture, a kernel to paint, and the map that the kernel makes of it.

    pixels: grey values (H, W), 0 to 1
    caption: what the picture is
    asked: a "kernel" and a "pooling" to begin with, as an address names them; names that there are not are ignored

    Kernel, stride, padding, ReLU and pooling are the browser's own: nothing comes back, and another picture leaves
    them as they are. Sums are those of `torch.nn.functional.conv2d`; "same" pads as the product's own layers do.
    """
    values = np.asarray(pixels, dtype="<f4")
    height, width = values.shape
    data: dict[str, Any] = {"width": width, "height": height, "data": b64encode(values.tobytes()).decode()}
    data |= {"caption": caption, "asked": dict(asked or {})}
    register("filter_bench")(key=key, data=data)
