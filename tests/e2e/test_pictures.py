"""Drawing and uploading, good files and bad ones."""

import math
import struct
import zlib
from collections.abc import Callable
from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Page

from tests.e2e.screens import Stroke, draw, shares, touch, until

pytestmark = pytest.mark.e2e

CIRCLE: Stroke = [(0.5 + 0.3 * math.cos(t / 20 * math.tau), 0.5 + 0.3 * math.sin(t / 20 * math.tau)) for t in range(21)]
SQUARE: Stroke = [(0.25, 0.25), (0.75, 0.25), (0.75, 0.75), (0.25, 0.75), (0.25, 0.25)]
TRIANGLE: Stroke = [(0.5, 0.2), (0.8, 0.75), (0.2, 0.75), (0.5, 0.2)]


def test_the_start_page_is_lit_at_once_and_reads_plain_drawings(visit: Callable[..., Page]) -> None:
    page = visit("/")
    page.get_by_test_id("map-tile").first.wait_for()
    assert page.get_by_test_id("map-tile").count() == 36
    best = page.locator("[data-testid=answer-bar]")
    for name, stroke in {"circle": CIRCLE, "square": SQUARE, "triangle": TRIANGLE}.items():
        draw(page, stroke)
        share = page.locator(f"[data-testid=answer-bar][data-class={name}]")
        until(lambda share=share: float(share.get_attribute("data-probability") or 0) > 0.5, f"a {name} is read")
        assert sum(shares(best)) == pytest.approx(1, abs=1e-3)
        page.get_by_test_id("canvas-clear").click()


def test_drawing_undo_clear_and_keyboard(visit: Callable[..., Page]) -> None:
    page = visit("/classify")
    draw(page, CIRCLE)
    verdict = page.get_by_test_id("verdict")
    until(lambda: verdict.get_attribute("data-class") == "circle", "circle")
    until(lambda: page.get_by_test_id("step").count() == 7, "seven steps")  # the page itself answers before them
    page.get_by_test_id("canvas-undo").click()
    verdict.wait_for(state="detached")
    surface = page.get_by_test_id("canvas-surface")
    surface.focus()
    for key in ("Space", *["Shift+ArrowRight"] * 4, *["Shift+ArrowDown"] * 4, "Space"):
        surface.press(key)
    verdict.wait_for()
    page.get_by_test_id("canvas-clear").click()
    verdict.wait_for(state="detached")


def test_a_finger_draws_and_the_page_stays_where_it_is(visit: Callable[..., Page]) -> None:
    page = visit("/classify", viewport={"width": 800, "height": 500}, has_touch=True)
    touch(page, CIRCLE)
    verdict = page.get_by_test_id("verdict")
    until(lambda: verdict.get_attribute("data-class") == "circle", "circle")
    assert page.evaluate("[...document.querySelectorAll('*')].filter(node => node.scrollTop > 0).length") == 0
    page.get_by_test_id("canvas-undo").click()
    verdict.wait_for(state="detached")  # it was one stroke


def _file(image: Image.Image, kind: str, **options: object) -> bytes:
    buffer = BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def _square(mode: str = "L") -> Image.Image:
    image = Image.new("L", (200, 200), 255)
    ImageDraw.Draw(image).rectangle((50, 50, 150, 150), outline=0, width=12)
    return image.convert(mode)


def _bomb() -> bytes:
    """A tiny PNG that claims 14,000 × 14,000 pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", 14_000, 14_000, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def _turned() -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6
    return _file(_square("RGB"), "JPEG", exif=exif)


GOOD = {
    "square.png": _file(_square(), "PNG"),
    "moving.gif": _file(_square("P"), "GIF", save_all=True, append_images=[Image.new("P", (200, 200))]),
    "deep.png": _file(Image.fromarray(np.asarray(_square(), dtype=np.uint16) * 257), "PNG"),
    "ink.jpg": _file(_square("CMYK"), "JPEG"),
    "clear.png": _file(_square("RGBA"), "PNG"),
    "turned.jpg": _turned(),
    "square.webp": _file(_square("RGB"), "WEBP"),
    "square.bmp": _file(_square("RGB"), "BMP"),
}
BAD = {
    "cut.png": GOOD["square.png"][:120],
    "text.png": b"this is no picture",
    "empty.gif": b"",
    "bomb.png": _bomb(),
}


def test_uploads_are_read_or_refused_in_a_sentence(visit: Callable[..., Page]) -> None:
    page = visit("/classify")
    page.get_by_text("Upload", exact=True).first.click()
    chooser = page.locator("input[type=file]")
    chooser.wait_for(state="attached")
    for name, content in GOOD.items():
        chooser.set_input_files({"name": name, "mimeType": "application/octet-stream", "buffer": content})
        page.get_by_text(f"numbers, {name}").wait_for()
        assert page.get_by_test_id("verdict").get_attribute("data-class") == "square", name
    for name, content in BAD.items():
        chooser.set_input_files({"name": name, "mimeType": "application/octet-stream", "buffer": content})
        page.get_by_role("alert").get_by_text(f"{name}: ").wait_for()
        assert page.get_by_test_id("verdict").count() == 0, name
