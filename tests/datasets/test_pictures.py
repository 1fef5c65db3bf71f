import io
import struct
import subprocess
import sys
import warnings
import zlib
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageOps

from lib.datasets import UnsafeImage, load_image
from lib.pictures import load


def saved(image, kind, **options):
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def scene(size=(60, 40)):
    """A picture that no turn or mirror leaves as it is."""
    image = Image.new("RGB", size, (250, 240, 230))
    image.paste((200, 30, 60), (0, 0, size[0] // 2, size[1] // 4))
    image.paste((20, 60, 160), (size[0] // 2, size[1] // 2, size[0], size[1]))
    return image


def difference(one, other):
    assert one.size == other.size
    return np.abs(np.asarray(one, dtype=int) - np.asarray(other, dtype=int)).mean()


@pytest.mark.parametrize(("kind", "close"), [("PNG", 0), ("BMP", 0), ("GIF", 0), ("JPEG", 6), ("WEBP", 6)])
def test_every_format(kind, close):
    image = load_image(saved(scene(), kind))
    assert image.mode == "RGB"
    assert difference(image, scene()) <= close


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "LA"])
def test_modes_agree_with_pillow(mode):
    image = scene().convert(mode)
    assert difference(load_image(saved(image, "PNG")), image.convert("RGB")) == 0


@pytest.mark.parametrize("size", [(3000, 2000), (1025, 7), (2, 5000), (1024, 1024), (1500, 4100)])
@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_large_pictures_shrink_and_keep_their_shape(size, kind):
    image = load_image(saved(scene(size), kind))
    assert max(image.size) == min(1024, max(size))
    assert image.width / image.height == pytest.approx(size[0] / size[1], rel=0.03, abs=max(size) / min(size) / 2.5)
    if min(size) > 1000:
        assert difference(image, scene(size).resize(image.size, Image.Resampling.LANCZOS)) < 3


def test_sixteen_bits_become_eight():
    deep = np.linspace(0, 65_535, 64 * 64).round().astype(np.uint16).reshape(64, 64)
    image = np.asarray(load_image(saved(Image.fromarray(deep), "PNG")))[..., 0]
    assert np.abs(image - deep / 257).max() <= 0.5


def test_four_inks_have_the_right_colours():
    inks = [(255, 0, 0, 0), (0, 255, 0, 0), (0, 0, 255, 0), (0, 0, 0, 255), (0, 0, 0, 0)]
    colours = [(0, 255, 255), (255, 0, 255), (255, 255, 0), (0, 0, 0), (255, 255, 255)]
    for ink, colour in zip(inks, colours, strict=True):
        image = load_image(saved(Image.new("CMYK", (32, 32), ink), "JPEG", quality=95))
        assert np.abs(np.array(image.getpixel((16, 16))) - colour).max() <= 4
    # and through the strips that large pictures are shrunk by
    image = load_image(saved(Image.new("CMYK", (2500, 400), inks[0]), "JPEG", quality=95))
    assert np.abs(np.array(image.getpixel((500, 50))) - colours[0]).max() <= 4


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_turns_the_picture_upright(kind, orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = saved(scene(), kind, exif=exif)
    with Image.open(io.BytesIO(data)) as image:
        upright = ImageOps.exif_transpose(image).convert("RGB")
    assert difference(load_image(data), upright) < 1
    assert (load_image(data).height > 50) == (orientation >= 5)


def test_a_broken_exif_does_not_spoil_the_picture():
    data = saved(scene(), "JPEG", exif=b"Exif\x00\x00MM\x00*\xff\xff\xff\xff")
    assert load_image(data).size == (60, 40)


@pytest.mark.parametrize(("kind", "close"), [("GIF", 0), ("PNG", 0), ("WEBP", 6)])
def test_animations_show_their_first_frame(kind, close):
    others = [Image.new("RGB", (60, 40), colour) for colour in ("red", "green")]
    data = saved(scene(), kind, save_all=True, append_images=others)
    assert difference(load_image(data), scene()) <= close


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
@pytest.mark.parametrize(("ink", "paper"), [(0, 255), (120, 255), (255, 0), (230, 0)])
def test_transparency_is_laid_over_what_shows_the_ink(mode, ink, paper):
    image = Image.new("LA", (40, 40), (ink, 0))
    image.paste((ink, 255), (10, 10, 30, 20))
    if mode == "P":
        flat = Image.new("P", (40, 40), 0)
        flat.putpalette([9, 9, 9, ink, ink, ink])
        flat.paste(1, (10, 10, 30, 20))
        data = saved(flat, "PNG", transparency=0)
    else:
        data = saved(image.convert(mode), "PNG")
    shown = load_image(data)
    assert shown.getpixel((0, 0)) == (paper,) * 3
    assert shown.getpixel((20, 15)) == (ink,) * 3


def test_half_transparency_is_mixed():
    assert load_image(saved(Image.new("RGBA", (9, 9), (200, 0, 0, 128)), "PNG")).getpixel((4, 4)) == (227, 127, 127)
    assert load_image(saved(Image.new("RGBA", (9, 9), (0, 0, 0, 0)), "PNG")).getpixel((4, 4)) == (255, 255, 255)


def test_opaque_white_stays_white():
    assert load_image(saved(Image.new("RGBA", (9, 9), "white"), "PNG")).getpixel((4, 4)) == (255, 255, 255)


def declares(width, height):
    """A small PNG whose header declares any size."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\x00" * 100_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def webp_that_declares(width, height):
    body = b"VP8X" + struct.pack("<I", 10) + bytes(4) + (width - 1).to_bytes(3, "little")
    body += (height - 1).to_bytes(3, "little")
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "not a picture that can be read here"),
        (b"%PDF-1.7 hello", "not a picture that can be read here"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "PNG, JPEG, WebP, BMP and GIF files can"),
        (saved(scene(), "TIFF"), "not a picture that can be read here"),
        (saved(scene(), "PNG")[:-60], "damaged or cut off"),
        (saved(scene(), "JPEG")[:400], "damaged or cut off"),
        (saved(scene(), "BMP")[:-50], "damaged or cut off"),
        (saved(scene(), "PNG") + bytes(5_000_000), "The file has 5.0 MB; pictures may have up to 5 MB"),
        (declares(13_000, 13_000), "The picture has 169 megapixels; PNG pictures may have up to 25"),
        (declares(14_000, 14_000), "far too many pixels"),
        (declares(16_385, 1), "16,385 × 1 pixels; a side may have up to 16,384"),
        (declares(0, 10), "can"),
        (webp_that_declares(5_000, 5_000), "25 megapixels; WebP pictures may have up to 10"),
        (webp_that_declares(16_777_216, 9), "16,777,216 × 9 pixels"),
    ],
)
def test_what_cannot_be_read_is_one_sentence(data, words):
    with pytest.raises(UnsafeImage) as caught:
        load_image(data)
    assert words in caught.value.reason
    assert caught.value.reason.endswith(".")
    assert "\n" not in caught.value.reason


@pytest.mark.parametrize("lossless", [True, False])
def test_webp_sizes_are_read_as_pillow_reads_them(lossless):
    sizes = []
    check = load._check_size
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(load, "_check_size", lambda kind, size: (sizes.append(size), check(kind, size)))
        load_image(saved(scene((613, 251)), "WEBP", lossless=lossless))
    assert sizes == [(613, 251)] * 2


KINDS = [
    saved(scene(), "PNG"),
    saved(scene().convert("P"), "PNG", transparency=0),
    saved(scene(), "JPEG", exif=b"Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06"),
    saved(scene().convert("CMYK"), "JPEG", progressive=True),
    saved(scene(), "WEBP"),
    saved(scene(), "WEBP", save_all=True, append_images=[Image.new("RGB", (60, 40))]),
    saved(scene(), "BMP"),
    saved(scene(), "GIF", save_all=True, append_images=[Image.new("RGB", (60, 40))]),
    saved(scene(), "PNG", save_all=True, append_images=[Image.new("RGB", (60, 40))]),
    saved(Image.fromarray(np.full((9, 9), 30_000, np.uint16)), "PNG"),
]


@settings(max_examples=250, deadline=None)
@given(
    st.sampled_from(KINDS),
    st.lists(st.tuples(st.integers(0, 200) | st.integers(0, 20_000), st.integers(0, 255)), max_size=8),
    st.integers(0, 20_000) | st.none(),
)
def test_only_unsafe_image_ever_escapes(data, changes, end):
    spoilt = bytearray(data[:end])
    for at, value in changes:
        if at < len(spoilt):
            spoilt[at] = value
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        with suppress(UnsafeImage):
            image = load_image(bytes(spoilt))
            assert image.mode == "RGB"
            assert max(image.size) <= 1024
    assert not caught


MEASURE = """
import importlib.util, pathlib, re, sys
spec = importlib.util.spec_from_file_location("pictures", sys.argv[1])
pictures = importlib.util.module_from_spec(spec)
spec.loader.exec_module(pictures)
pictures.Image.init()

def peak():  # getrusage would count the parent's memory
    return 1024 * int(re.search(r"VmHWM:\\s+(\\d+) kB", pathlib.Path("/proc/self/status").read_text())[1])

before = peak()
for name in sys.argv[2:]:
    data = pathlib.Path(name).read_bytes()
    assert max(pictures.load_image(data).size) == 1024
    print(name, peak() - before)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_the_largest_pictures_take_less_than_200_mb(tmp_path):
    half = Image.new("RGBA", (5000, 5000), (200, 30, 60, 128))
    files = {
        "a.png": saved(half, "PNG", compress_level=1),
        "b.jpg": saved(half.convert("RGB"), "JPEG", progressive=True, subsampling=0),
        "c.jpg": saved(Image.new("CMYK", (4472, 4472), (9, 99, 0, 0)), "JPEG", progressive=True, subsampling=0),
        "d.webp": saved(half.resize((3162, 3162)), "WEBP", method=0),
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    command = [sys.executable, "-c", MEASURE, load.__file__, *(str(tmp_path / name) for name in files)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert 20e6 < int(done.stdout.split()[-1]) < 200e6, done.stdout
