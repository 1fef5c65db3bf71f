"""A picture to slide about, and what several nets say to it where it lies; see `shift_pad`."""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from lib.ui.components import register


def shift_pad(
    *,
    key: str,
    picture: Mapping[str, Any],
    classes: Sequence[str],
    truth: int | None,
    reach: int,
    frame: int,
    rows: Sequence[Mapping[str, Any]],
) -> None:
    """Show a picture that pointer, finger or arrow keys move, and beside it one panel for each net.

    picture: what `encode_picture` gives, and "caption"
    truth: the class it is, None when nobody knows
    reach: how far it can be moved each way, in pixels
    frame: shifts up to so many pixels are framed in the maps
    rows: each {"title": a line over it or "", "panels": [...]}; a panel is {"name": for tests, "title", "note",
        "layers", "line": its colour 0..2, "missing": what stands where there is no map yet}, and as far as there are
        "answers" from `encode_answers`, "map" from `encode_accuracies` and the "pictures" it was measured on

    All places are answered beforehand and looked up in the browser, so that no move waits for the server. Where the
    picture lies is kept there by `key`.
    """
    data = {
        "key": key,
        "picture": dict(picture),
        "classes": list(classes),
        "truth": truth,
        "reach": reach,
        "frame": frame,
        "rows": [{"title": row["title"], "panels": [dict(panel) for panel in row["panels"]]} for row in rows],
    }
    register("shift_pad")(key=key, data=data)


def encode_picture(picture: ArrayLike) -> dict[str, Any]:
    """Return a picture (C, H, W) with values 0..255 as `shift_pad` wants it."""
    pixels = np.asarray(picture).round().clip(0, 255).astype(np.uint8)
    channels, height, width = pixels.shape
    return {
        "width": width,
        "height": height,
        "channels": channels,
        "data": b64encode(pixels.transpose(1, 2, 0).tobytes()).decode(),
    }


def encode_answers(probabilities: ArrayLike) -> str:
    """Return probabilities (places down, places across, classes) in steps of 1/65535, two bytes each."""
    shares = np.nan_to_num(np.asarray(probabilities)).clip(0, 1)
    return b64encode((shares * 65_535).round().astype("<u2").tobytes()).decode()


def encode_accuracies(by_shift: ArrayLike) -> str:
    """Return accuracies (places down, places across), four bytes each."""
    return b64encode(np.asarray(by_shift, dtype="<f4").tobytes()).decode()
