"""A colour picture that is always there: a house in a meadow, drawn by our own code."""

import numpy as np
import torch
from PIL import Image, ImageDraw
from torch import Tensor

_FINE = 16  # drawn so many times as large, then made small, so that edges are smooth


def colour_sample(side: int = 32) -> Tensor:
    """Draw the picture: uint8 `(3, side, side)`. Each of its things is strong in another plane."""
    size = side * _FINE
    image = Image.new("RGB", (size, size), (96, 160, 232))  # the sky
    pen = ImageDraw.Draw(image)

    def at(*shares: float) -> list[float]:
        return [share * size for share in shares]

    pen.rectangle(at(0, 0.68, 1, 1), fill=(70, 150, 60))  # the meadow
    pen.ellipse(at(0.70, 0.07, 0.92, 0.29), fill=(252, 214, 56))  # the sun
    pen.rectangle(at(0.20, 0.44, 0.62, 0.84), fill=(240, 232, 214))  # walls
    pen.polygon(at(0.13, 0.46, 0.41, 0.18, 0.69, 0.46), fill=(200, 44, 36))  # the roof
    pen.rectangle(at(0.28, 0.60, 0.39, 0.84), fill=(104, 64, 36))  # the door
    pen.rectangle(at(0.46, 0.54, 0.56, 0.65), fill=(30, 60, 130))  # a window
    small = image.resize((side, side), Image.Resampling.LANCZOS)
    return torch.from_numpy(np.array(small)).permute(2, 0, 1).contiguous()
