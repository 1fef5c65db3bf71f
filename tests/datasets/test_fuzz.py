"""Broken files thrown at whatever reads what people bring: nothing escapes but `UnsafeImage`, and memory stays small.

Two kinds: hypothesis, which looks for trouble with bytes of its own, and thousands of small wounds to files that Pillow
and zipfile themselves wrote. The same seeds every time; `make soak` throws ten times as much.
"""

import io
import random
import re
import subprocess
import sys
import time
import warnings
import zipfile
import zlib
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from lib.datasets import UnsafeImage, load_image
from lib.pictures.archive import PictureFiles, Source
from tests.datasets.zips import forged, hostile, of_kind, picture, twice, zipped

ROOT = Path(__file__).parents[2]


def scene(side: int = 24) -> Image.Image:
    pixels = np.random.default_rng(0).integers(0, 256, (side, side, 3), dtype=np.uint8)
    pixels[: side // 2] = (200, 30, 60)
    return Image.fromarray(pixels)


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def seeds() -> list[bytes]:
    """Small valid files that together take every path through the decoders."""
    image, exif = scene(), Image.Exif()
    exif[0x0112] = 6
    frames = {"save_all": True, "append_images": [scene(20).resize(image.size)]}
    clear = image.convert("RGBA")
    clear.putalpha(90)
    deep = Image.fromarray(np.arange(576, dtype=np.uint16).reshape(24, 24) * 100)
    palette = image.convert("P")
    modes = [image, clear, palette, image.convert("1"), image.convert("L"), image.convert("LA"), deep]
    files = [saved(each, "PNG") for each in modes]
    files += [saved(palette, "PNG", transparency=0), saved(image, "PNG", exif=exif), saved(image, "PNG", **frames)]
    files += [saved(image, "JPEG", quality=quality, exif=exif) for quality in (5, 95)]
    files += [saved(image.convert(mode), "JPEG", progressive=True) for mode in ("L", "RGB", "CMYK")]
    files += [saved(image, "JPEG", icc_profile=bytes(300)), saved(image, "MPO", **frames)]
    files += [saved(clear, "WEBP", lossless=lossless) for lossless in (True, False)]
    files += [saved(image, "WEBP", **frames), saved(image, "WEBP", exif=exif)]
    files += [saved(each, "BMP") for each in (image, clear, palette, image.convert("1"), image.convert("L"))]
    files += [saved(palette, "GIF"), saved(image, "GIF", **frames), saved(palette, "GIF", transparency=3)]
    return files


def zip_seeds() -> list[bytes]:
    """Small valid zips, and some that are meant to be refused."""
    two = {"a.png": picture(side=16), "folder/b.jpg": picture("circle", 16, "JPEG")}
    packings = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
    files = [zipped(two, packing) for packing in packings]
    files += [twice("a.png"), of_kind(0o120777), forged(zipped(two), flags=1), zipped({"b.zip": zipped(two)})]
    return [*files, zipped({}), zipped({"bomb.png": bytes(300_000)}), hostile(bomb_mb=6)]


_NUMBERS = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF)


def wounded(data: bytes, random: random.Random) -> bytes:
    """Hurt a file as transfers, cards and people with bad intentions do: somewhere, most often near its beginning."""
    broken = bytearray(data)
    for _ in range(random.choice((1, 1, 2, 4, 12))):
        at = int(len(broken) * random.random() ** random.choice((1, 3)))
        match random.randrange(8):
            case 0:
                broken[at : at + 1] = bytes([random.randrange(256)])
            case 1 if broken:
                broken[min(at, len(broken) - 1)] ^= 1 << random.randrange(8)
            case 2:
                del broken[at:]  # cut off
            case 3:
                del broken[at : at + random.randrange(1, 40)]
            case 4:
                broken[at:at] = random.randbytes(random.randrange(1, 40))
            case 5:
                broken[at:at] = broken[at : at + random.randrange(1, 200)]  # stutters
            case 6:
                size, order = random.choice((2, 4)), random.choice(("little", "big"))
                number = random.choice(_NUMBERS) & (256**size - 1)
                broken[at : at + size] = number.to_bytes(size, order)
            case _:
                other = int(len(broken) * random.random())
                length = random.randrange(1, 60)
                broken[at : at + length] = broken[other : other + length]
    return bytes(broken)


def reason(data: bytes) -> str:
    """Why `load_image` refuses this, "read" if it does not; every other exception goes through and fails the test."""
    try:
        image = load_image(data)
    except UnsafeImage as refused:
        return refused.reason
    assert image.mode == "RGB"
    assert 1 <= max(image.size) <= 1024
    return "read"


def throw_at_load_image(count: int, seed: int) -> Counter[str]:
    """Throw so many wounded files; what was said to how many of them."""
    dice, files, said = random.Random(seed), seeds(), Counter[str]()
    for number in range(count):
        why = reason(wounded(files[number % len(files)], dice))
        assert why == "read" or why.endswith(".")
        assert "\n" not in why
        said[re.sub(r"\d[\d,.]*", "#", why.split(";")[0])] += 1
    return said


def throw_at_zips(count: int, seed: int) -> Counter[str]:
    """The same for the reader of zips."""
    dice, files, said = random.Random(seed), zip_seeds(), Counter[str]()
    for number in range(count):
        broken = wounded(files[number % len(files)], dice)
        for file in PictureFiles([Source("a.zip", len(broken), lambda broken=broken: broken)]):
            assert file.name.isprintable()
            assert len(file.data) <= 5_000_000
            assert (file.problem is None) or (file.problem.endswith(".") and not file.data)
            said[re.sub(r"\d[\d,.]*", "#", (file.problem or "read").split(";")[0])] += 1
    return said


def test_every_seed_is_a_picture_that_can_be_read():
    assert len(seeds()) >= 25
    for data in seeds():
        assert load_image(data).size == (24, 24)


def test_ten_thousand_broken_pictures():
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        said = throw_at_load_image(10_000, seed=1)
    assert not caught
    assert sum(said.values()) == 10_000
    # A fuzzer that breaks everything, or nothing, would find nothing.
    assert 1_500 < said["read"] < 8_500, said
    assert len(said) >= 6, said


def test_ten_thousand_broken_zips():
    said = throw_at_zips(10_000, seed=1)
    assert said["read"] > 1_500, said
    assert len(said) >= 9, said  # each kind of refusal


def jpeg_of_many_scans() -> bytes:
    """5,000 × 5,000 pixels in 100 kB, and the last scan again and again: half an hour of work in 5 MB."""
    data = saved(Image.new("L", (5000, 5000), 128), "JPEG", progressive=True)
    return data[:-2] + data[data.rindex(b"\xff\xda") : -2] * 110_000 + data[-2:]


def jpeg_of_many_notes() -> bytes:
    """Each note is added to a copy of all before."""
    data = saved(scene(), "JPEG")
    return data[:2] + (b"\xff\xe1\x00\x12Exif\0\0" + bytes(10)) * 240_000 + data[2:]


def png_of_many_profiles() -> bytes:
    """Each colour profile is a megabyte of zeros, packed a thousand times."""
    body = b"iCCPa\0\0" + zlib.compress(bytes(1_000_000), 9)
    chunk = (len(body) - 4).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big")
    data = saved(scene(), "PNG")
    return data[:33] + chunk * 4_900 + data[33:]


@pytest.mark.parametrize("make", [jpeg_of_many_scans, jpeg_of_many_notes, png_of_many_profiles])
def test_small_files_that_would_keep_a_decoder_busy_are_refused_at_once(make):
    data = make()
    assert 3_000_000 < len(data) < 5_000_000
    began = time.process_time()
    assert reason(data) == "The picture is stored in far too many parts; try to save it again."
    assert time.process_time() - began < 1.0


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(2, 12))
def test_a_million_more(seed):
    assert sum(throw_at_load_image(100_000, seed).values()) == 100_000
    assert throw_at_zips(20_000, seed)["read"] > 3_000


_MAGIC = st.sampled_from(
    [b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF89a", b"BM", b"RIFF\0\0\0\0WEBPVP8X", b"PK\x03\x04", b""]
)


@settings(max_examples=500)
@given(st.builds(lambda head, body: head + body, _MAGIC, st.binary(max_size=400)))
def test_bytes_of_any_kind(data):
    assert reason(data) == "read" or reason(data).endswith(".")
    for name in ("a.png", "a.zip"):
        for file in PictureFiles([Source(name, len(data), lambda: data)]):
            assert file.data == data or not file.data


@settings(max_examples=150)
@given(
    st.dictionaries(
        st.text(st.characters(exclude_characters="\0"), min_size=1, max_size=30), st.binary(max_size=300), max_size=6
    ),
    st.sampled_from([0, 8, 12, 14]),
)
def test_zips_of_any_names_and_contents(files, packing):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        data = zipped({name.encode("utf-8", "replace").decode(): content for name, content in files.items()}, packing)
    contents = set(files.values()) | {b""}
    for file in PictureFiles([Source("a.zip", len(data), lambda: data)]):
        assert file.data in contents
        assert file.name.isprintable()


_HOARD = """
import resource, sys
sys.path.insert(0, sys.argv[1])
from tests.datasets import test_fuzz

test_fuzz.throw_at_load_image(300, seed=0)
test_fuzz.throw_at_zips(100, seed=0)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
test_fuzz.throw_at_load_image(3_000, seed=100)
test_fuzz.throw_at_zips(1_000, seed=100)
print(1024 * (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before))
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="counts ru_maxrss in kilobytes")
def test_broken_files_are_not_hoarded():
    """What one broken file takes is bounded by its declared size, and nothing stays behind."""
    command = [sys.executable, "-c", _HOARD, str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert int(done.stdout) < 150e6, done.stdout
