"""Read pictures that people bring: any upload becomes a modest RGB image or one plain sentence."""

import base64
import math
import struct
import threading
import warnings
from contextlib import suppress
from io import BytesIO

import numpy as np
from PIL import Image, UnidentifiedImageError

LONGEST = 1024  # pixels of the longer side that is handed on
MAX_BYTES = 5_000_000
MAX_SIDE = 16_384
# Megapixels by format, so that decoding stays under 200 MB (measured): WebP's decoder holds the picture four times
# over, a progressive JPEG is held whole at two bytes for each of its planes.
MAX_MEGAPIXELS = {"PNG": 25, "JPEG": 25, "MPO": 25, "BMP": 25, "GIF": 25, "WebP": 10, "four-ink JPEG": 20}
_FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "GIF")
_ORIENTATION = 0x0112  # EXIF
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# How often a part may come in a file; small files that repeat one of these keep a decoder busy for minutes, each scan
# of a JPEG for instance with all of its pixels. Ordinary files have a few.
_MOST_PARTS = {(b"\xff\xd8", b"\xff\xda"): 200, (b"\xff\xd8", b"\xff\xe1"): 1000, (b"\x89PNG", b"iCCP"): 10}
# One at a time: memory stays bounded when a whole class uploads, and warning filters belong to the process.
_one_at_a_time = threading.Lock()


class UnsafeImage(Exception):
    """A file that is not shown; `reason` is one plain sentence."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def load_image(data: bytes) -> Image.Image:
    """Read a PNG, JPEG, WebP, BMP or GIF file: RGB, upright, at most 1024 pixels on the longer side.

    Of an animation the first frame is read; transparency is laid over white, or over black where all that can be
    seen is light. Raises `UnsafeImage` and nothing else; the size is checked before anything is decoded.
    """
    if len(data) > MAX_BYTES:
        raise UnsafeImage(f"The file has {len(data) / 1e6:.1f} MB; pictures may have up to {MAX_BYTES / 1e6:.0f} MB.")
    with _one_at_a_time, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what Pillow grumbles about is decided here
        try:
            return _read(data)
        except UnsafeImage:
            raise
        except UnidentifiedImageError:
            reason = "This is not a picture that can be read here; PNG, JPEG, WebP, BMP and GIF files can."
        except Image.DecompressionBombError:
            reason = "The picture has far too many pixels; make it smaller first."
        except Exception:  # damaged files make decoders raise almost anything
            reason = "The picture file is damaged or cut off; try to save it again."
    raise UnsafeImage(reason)


def load_drawing(png: str, side: int) -> Image.Image:
    """Read what a canvas sent, the base64 of a PNG of `side` × `side` pixels, as grey. Raises `UnsafeImage`.

    It comes through the same door as a file: what arrives is whatever somebody sends, not what our canvas draws.
    """
    wrong = UnsafeImage(f"This is no drawing of {side} × {side} pixels. Clear the sheet, and draw again.")
    if len(png) > 4 * side * side + 4_000:  # a byte a pixel, as base64, is a third of it
        raise wrong
    try:
        data = base64.b64decode(png, validate=True)
    except ValueError:
        raise wrong from None
    if data[:8] != b"\x89PNG\r\n\x1a\n" or data[16:24] != struct.pack(">II", side, side):
        raise wrong
    return load_image(data).convert("L")


def flatten(image: Image.Image) -> Image.Image:
    """Return RGB: transparency is laid over white, or over black where all that can be seen is light."""
    if image.mode not in ("RGBA", "LA", "PA") and "transparency" not in image.info:
        return image.convert("RGB")
    image = image.convert("RGBA")
    alpha = image.getchannel("A")
    seen = alpha.point([255 * (a >= 32) for a in range(256)])
    light = image.convert("L").histogram(seen)
    dark_share = sum(light[:170]) / max(1, sum(light))
    see_through = alpha.getextrema()[0] < 255  # type: ignore[operator]
    paper = "black" if see_through and any(light) and dark_share < 0.01 else "white"
    flat = Image.new("RGB", image.size, paper)
    flat.paste(image, mask=alpha)
    return flat


def _read(data: bytes) -> Image.Image:
    _check_parts(data)
    _check_webp(data)
    with Image.open(BytesIO(data), formats=_FORMATS) as image:
        four_inks = image.mode == "CMYK"
        _check_size("four-ink JPEG" if four_inks else image.format or "", image.size)
        image.draft(None, (LONGEST, LONGEST))  # JPEG is decoded at half, a quarter or an eighth
        image.load()
        turn = None
        with suppress(Exception):  # a broken note on which way is up does not spoil the picture
            turn = _UPRIGHT.get(image.getexif().get(_ORIENTATION, 1))
        small = _reduce(image)
    small.thumbnail((LONGEST, LONGEST), Image.Resampling.LANCZOS)
    if turn is not None:
        small = small.transpose(turn)
    return flatten(small)


def _check_size(kind: str, size: tuple[int, int]) -> None:
    width, height = size
    limit = MAX_MEGAPIXELS.get(kind.replace("WEBP", "WebP"), 10)
    if max(size) > MAX_SIDE:
        raise UnsafeImage(f"The picture has {width:,} × {height:,} pixels; a side may have up to {MAX_SIDE:,}.")
    if width * height > limit * 1_000_000:
        megapixels = width * height / 1e6
        raise UnsafeImage(f"The picture has {megapixels:,.0f} megapixels; {kind} pictures may have up to {limit}.")


def _check_parts(data: bytes) -> None:
    for (start, part), most in _MOST_PARTS.items():
        if data.startswith(start) and data.count(part) > most:
            raise UnsafeImage("The picture is stored in far too many parts; try to save it again.")


def _check_webp(data: bytes) -> None:
    """Check the size that a WebP file declares: Pillow makes room for it as soon as it opens the file."""
    if data[:4] != b"RIFF" or data[8:12] != b"WEBP" or len(data) < 30:
        return
    if data[12:16] == b"VP8X":
        wide, high = (int.from_bytes(data[at : at + 3], "little") + 1 for at in (24, 27))
    elif data[12:16] == b"VP8L":
        (bits,) = struct.unpack_from("<I", data, 21)
        wide, high = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    else:
        wide, high = (side & 0x3FFF for side in struct.unpack_from("<HH", data, 26))
    _check_size("WebP", (wide, high))


def _reduce(image: Image.Image) -> Image.Image:
    """Shrink by a whole factor to less than twice `LONGEST`, strip by strip: a full-size copy would be too large."""
    factor = max(1, max(image.size) // LONGEST)
    rows = factor * max(1, 256 // factor)
    small = Image.new("RGBA", (math.ceil(image.width / factor), math.ceil(image.height / factor)))
    for top in range(0, image.height, rows):
        strip = image.crop((0, top, image.width, min(top + rows, image.height)))
        if strip.mode.startswith("I"):  # 16 bits: Pillow itself would cut bright values off
            strip = Image.fromarray((np.asarray(strip) / 257).round().astype(np.uint8))
        elif strip.mode == "CMYK":
            strip = strip.convert("RGB")
        small.paste(strip.convert("RGBA").reduce(factor), (0, top // factor))
    return small
