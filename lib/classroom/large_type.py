"""Letters for the far end of a room: large type and QR codes, on a terminal and as pictures."""

import base64
import io
from functools import lru_cache

import segno
from PIL import Image, ImageDraw, ImageFont

_HALVES = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}


def large(text: str) -> list[str]:
    """Lines of half blocks that spell `text` about ten times as large as the terminal's letters."""
    font = ImageFont.load_default_imagefont()
    left, top, right, bottom = font.getbbox(text)
    image = Image.new("1", (int(right - left), int(bottom - top)))
    ImageDraw.Draw(image).text((-left, -top), text, fill=1, font=font)
    used = image.getbbox() or (0, 0, 1, 2)
    image = image.crop(used)
    lit = [[bool(image.getpixel((x, y))) for x in range(image.width)] for y in range(image.height)]
    if len(lit) % 2:
        lit.append([False] * image.width)
    return ["".join(map(_half, *rows)).rstrip() for rows in zip(lit[::2], lit[1::2], strict=True)]


def qr_on_terminal(text: str) -> str:
    """A QR code in half blocks, dark on light whatever the terminal's colours."""
    written = io.StringIO()
    segno.make(text, error="l", micro=False).terminal(written, compact=True, border=2)
    return written.getvalue().rstrip("\n")


@lru_cache(maxsize=32)
def qr_picture(text: str, scale: int = 10) -> str:
    """A QR code as a PNG in base 64, dark on white, with the margin that cameras need."""
    written = io.BytesIO()
    segno.make(text, error="m", micro=False).save(written, kind="png", scale=scale, border=3)
    return base64.b64encode(written.getvalue()).decode()


def _half(upper: bool, lower: bool) -> str:
    return _HALVES[upper, lower]
