"""Take a picture of each data set that may ship into the row on Train: `python -m docs.make_data_tiles`."""

import base64
import io
from pathlib import Path

import torch
from PIL import Image

from lib import load_dataset

OUT = Path(__file__).parents[1] / "lib" / "ui" / "components" / "data_row" / "tiles.js"
# Which class is shown of which set. Sets whose licence is not free for pictures have a letter instead.
SHOWN = {
    "doodles": "house",
    "stickers": "face",
    "fashion-mnist": "Sneaker",
    "digits": "3",
    "drawn-digits": "5",
}


def tile_of(name: str, wanted: str) -> bytes:
    """Return the test picture of that class that is nearest to the class's mean, as a PNG."""
    data = load_dataset(name)
    at = data.classes.index(wanted)
    images = data.test.images[data.test.labels == at]
    mean = images.float().mean(0)
    image = images[(images.float() - mean).square().sum((1, 2, 3)).argmin()]
    pixels = image.squeeze(0) if image.shape[0] == 1 else image.permute(1, 2, 0)
    out = io.BytesIO()
    Image.fromarray(pixels.to(torch.uint8).numpy()).save(out, "PNG", optimize=True)
    return out.getvalue()


def main() -> None:
    """Write the pictures as data addresses, by the names of their sets."""
    tiles = {name: base64.b64encode(tile_of(name, wanted)).decode() for name, wanted in SHOWN.items()}
    lines = [f'  "{name}": "data:image/png;base64,{text}",' for name, text in tiles.items()]
    head = [
        "// One test picture of each data set, by docs/make_data_tiles.py; LICENSES.txt says whose they are.",
        "",
        "/** @type {Record<string, string>} */",
        "export const TILES = {",
    ]
    OUT.write_text("\n".join([*head, *lines, "};", ""]), encoding="utf-8")


if __name__ == "__main__":
    main()
