"""Numbers as small pictures inside a page: feature maps, filters and samples as PNG in data addresses."""

import base64
from io import BytesIO

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

_Colours = tuple[tuple[int, int, int], ...]

# The product's two scales, as in lib/ui/components/base/palette.js: activations in eleven of viridis' published
# colours (matplotlib, CC0), weights in blue, near-white and orange with zero in the middle.
VIRIDIS: _Colours = (
    (68, 1, 84), (72, 36, 117), (65, 68, 135), (53, 95, 141), (42, 120, 142), (33, 145, 140),
    (34, 168, 132), (68, 191, 112), (122, 209, 81), (189, 223, 38), (253, 231, 37),
)  # fmt: skip
DIVERGING: _Colours = (
    (24, 79, 149), (66, 125, 186), (150, 186, 221), (247, 247, 244), (238, 183, 150), (212, 121, 67), (163, 72, 20),
)  # fmt: skip


def map_image(values: Tensor) -> str:
    """A feature map `(H, W)` from its lowest to its highest value; the address of a picture."""
    values = values.nan_to_num()
    span = values.max() - values.min()
    return _coloured((values - values.min()) / span if span > 0 else torch.zeros_like(values), VIRIDIS)


def mosaic_image(maps: Tensor, side: int, gap: int) -> str:
    """Feature maps `(N, H, W)` as tiles in two columns, each from its lowest to its highest value, in one picture.

    side: pixels of a tile; gap: of nothing between two
    """
    values = maps.nan_to_num()
    low, high = values.amin((1, 2), keepdim=True), values.amax((1, 2), keepdim=True)
    shares = (values - low) / (high - low).clamp_min(1e-12)
    tiles = torch.nn.functional.interpolate(1 + 254 * shares[None], (side, side))[0].round().byte()
    rows = -(-len(tiles) // 2)
    sheet = torch.zeros(rows * (side + gap) - gap, 2 * side + gap, dtype=torch.uint8)
    for place, tile in enumerate(tiles):
        top, left = place // 2 * (side + gap), place % 2 * (side + gap)
        sheet[top : top + side, left : left + side] = tile
    image = Image.fromarray(sheet.numpy())
    image.putpalette(_table(VIRIDIS).tobytes())
    image.info["transparency"] = 0
    return _address(image)


def weights_image(values: Tensor, limit: float) -> str:
    """Weights `(H, W)` from -limit to +limit, zero in the middle; the address of a picture."""
    return _coloured(((values.nan_to_num() / limit if limit else values * 0).clamp(-1, 1) + 1) / 2, DIVERGING)


def picture_image(pixels: Tensor) -> str:
    """A picture of the data set, bytes `(C, H, W)`; the address of it."""
    return _address(Image.fromarray(pixels.permute(1, 2, 0).squeeze(-1).numpy()))


def gradient(colours: _Colours) -> str:
    """The scale as a CSS gradient, for legends."""
    return f"linear-gradient(to right, {', '.join(f'rgb({r} {g} {b})' for r, g, b in colours)})"


def _coloured(shares: Tensor, colours: _Colours) -> str:
    image = Image.fromarray((shares * 255).round().to(torch.uint8).numpy())
    image.putpalette(_table(colours).tobytes())
    return _address(image)


def _table(colours: _Colours) -> NDArray[np.uint8]:
    """256 colours along the given ones, `(256, 3)`."""
    places = np.linspace(0, len(colours) - 1, 256)
    planes = [np.interp(places, np.arange(len(colours)), plane) for plane in np.array(colours).T]
    return np.stack(planes, axis=1).round().astype(np.uint8)


def _address(image: Image.Image) -> str:
    content = BytesIO()
    image.save(content, "PNG", optimize=True)
    return f"data:image/png;base64,{base64.b64encode(content.getvalue()).decode()}"
