"""Ink and paper on photos: which is lighter, where the ink is, whatever the lamp, the lens and the sensor add."""

import math
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from lib.datasets import load_dataset, load_image, prepare
from lib.pictures.layout import ink_box
from lib.pictures.paper import ink_of
from tests.drawings.photo import Sheet, photograph
from tests.drawings.plain_digits import DIGITS
from tests.drawings.sheet import Drawing, Place, _drawn, doodle_drawings, rasterize

SIDE = 280
DRAWN = doodle_drawings()


@pytest.fixture(scope="module")
def doodles(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GLASSHOUSE_HOME", str(tmp_path_factory.mktemp("home")))
        yield load_dataset("doodles")


def shade(height, width, *, gradient=0.0, vignette=0.0, shadow=0.0, turn=0.0):
    """How much light there is, about 1: a lamp at one side, dark corners, somebody's shadow with a soft edge."""
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    along = x * math.cos(turn) + y * math.sin(turn)
    across = x * math.cos(turn + 2) + y * math.sin(turn + 2)
    return (
        (1 + gradient * along / 1.4)
        * (1 - vignette * (x * x + y * y) / 2)
        * (1 - shadow / (1 + np.exp(-12 * (across - 0.3))))
    )


def photo(drawing: Drawing, paper: float, ink: float, light, noise: float, seed: int = 0) -> Image.Image:
    clean = np.asarray(rasterize(drawing.strokes, drawing.pen, SIDE), dtype=float) / 255
    seen = (paper + (ink - paper) * clean) * light + np.random.default_rng(seed).normal(0, noise, clean.shape)
    return Image.fromarray(seen.clip(0, 255).round().astype(np.uint8))


def box_of(drawing):
    return np.array(ink_box(rasterize(drawing.strokes, drawing.pen, SIDE)))


@st.composite
def photos(draw):
    """A plain drawing, the levels of its paper and ink, and bad light."""
    drawing = DRAWN[draw(st.integers(0, len(DRAWN) - 1))]
    paper = draw(st.integers(30, 240))
    contrast = draw(st.integers(80, 200))
    dark = paper - contrast >= 10 and (paper + contrast > 245 or draw(st.booleans()))
    ink = paper - contrast if dark else min(245, paper + contrast)
    if abs(ink - paper) < 60:
        paper, ink, dark = 230, 60, True
    gradient, vignette, shadow = (draw(st.floats(0, most)) for most in (0.25, 0.35, 0.25))
    light = shade(SIDE, SIDE, gradient=gradient, vignette=vignette, shadow=shadow, turn=draw(st.floats(0, 6.28)))
    # Who holds a camera sees to it that the ink is stronger than the shadow.
    shades = paper * (light.max() - light.min())
    if shades > abs(ink - paper):
        light = 1 + (light - 1) * abs(ink - paper) / shades
    return drawing, photo(drawing, paper, ink, light, draw(st.floats(0, 5)), draw(st.integers(0, 99))), dark


@given(photos())
@settings(max_examples=120)
def test_polarity_and_crop_are_right_in_bad_light(taken):
    drawing, picture, dark = taken
    ink = ink_of(picture)
    assert ink.dark == dark
    found = ink_box(ink.image)
    assert found is not None
    off = np.abs(np.array(found) * (SIDE / ink.image.width) - box_of(drawing))
    assert off.max() <= 0.03 * SIDE


@pytest.mark.parametrize(
    ("paper", "ink"), [(230, 40), (140, 40), (25, 220), (70, 170), (110, 20), (40, 235), (150, 235)]
)
@pytest.mark.parametrize(
    "light",
    [
        {},
        {"gradient": 0.3},
        {"vignette": 0.4},
        {"shadow": 0.25},
        {"gradient": 0.2, "vignette": 0.2, "shadow": 0.15},
    ],
    ids=lambda light: "+".join(light) or "even",
)
def test_a_net_is_given_the_same_drawing(doodles, paper, ink, light):
    for number in (3, 47, 61, 104, 138, 199):
        drawing = DRAWN[number]
        clean = prepare(rasterize(drawing.strokes, drawing.pen, SIDE), doodles).tensor[0, 0].numpy()
        seen = photo(drawing, paper, ink, shade(SIDE, SIDE, **light, turn=number), 3, number)
        got = prepare(seen, doodles).tensor[0, 0].numpy()
        # The middle may be rounded to the next pixel.
        moved = [np.roll(got, (dy, dx), (0, 1)) for dy in (-1, 0, 1) for dx in (-1, 0, 1)]
        assert max(np.corrcoef(clean.ravel(), each.ravel())[0, 1] for each in moved) > 0.85, (number, light)


@pytest.mark.parametrize("size", [(640, 480), (1024, 1024), (300, 700)])
def test_large_photos_of_any_shape(doodles, size):
    light = shade(size[1], size[0], gradient=0.3, vignette=0.3, turn=1.0)
    page = Image.new("L", size, 235)
    x, y, r = size[0] * 0.7, size[1] * 0.3, 0.12 * min(size)
    ImageDraw.Draw(page).ellipse((x - r, y - r, x + r, y + r), outline=50, width=max(3, min(size) // 90))
    noise = np.random.default_rng(0).normal(0, 6, (size[1], size[0]))
    seen = Image.fromarray((np.asarray(page) * light + noise).clip(0, 255).astype(np.uint8))
    ink = ink_of(seen)
    assert ink.dark
    found = np.array(ink_box(ink.image)) * (size[0] / ink.image.width)
    assert np.abs(found - np.array([x - r, y - r, x + r, y + r])).max() <= 0.03 * max(size)


def test_an_even_sheet_is_not_touched():
    """What the canvas sends goes through as it is."""
    for drawing in DRAWN[::9]:
        sent = rasterize(drawing.strokes, drawing.pen)
        ink = ink_of(sent)
        assert not ink.dark
        assert np.array_equal(np.asarray(ink.image), np.asarray(sent))
        swapped = ink_of(sent.point([255 - v for v in range(256)]))
        assert swapped.dark
        assert np.array_equal(np.asarray(swapped.image), np.asarray(sent))


@given(
    st.integers(0, 255),
    st.floats(0, 0.3),
    st.floats(0, 0.4),
    st.floats(0, 3),
    st.sampled_from([(1, 1), (7, 3), (60, 60), (200, 90)]),
)
@settings(max_examples=60)
def test_an_empty_sheet_is_empty_in_any_light(level, gradient, vignette, noise, size):
    light = shade(size[1], size[0], gradient=gradient, vignette=vignette)
    grain = np.random.default_rng(level).normal(0, noise, light.shape)
    sheet = Image.fromarray((level * light + grain).clip(0, 255).astype(np.uint8))
    if min(size) >= 60 or gradient == vignette == noise == 0:
        assert ink_box(ink_of(sheet).image) is None


@pytest.mark.parametrize(("ink", "swapped"), [((20, 30, 90, 255), True), ((250, 240, 200, 255), False)])
@pytest.mark.parametrize("mode", ["RGBA", "P"])
def test_transparent_pngs_have_the_paper_that_shows_their_ink(doodles, ink, swapped, mode):
    drawing = DRAWN[120]
    mask = rasterize(drawing.strokes, drawing.pen, SIDE)
    image = Image.new("RGBA", mask.size, (*ink[:3], 0))
    image.putalpha(mask)
    if mode == "P":
        image = image.quantize(16)
    file = BytesIO()
    image.save(file, "PNG")
    prepared = prepare(load_image(file.getvalue()), doodles)
    assert ("swapped" in prepared.steps[2].sentence) == swapped
    clean = prepare(mask, doodles).tensor
    assert float((prepared.tensor - clean).abs().mean()) < 0.03


def digit_on(paper, *, seed, **sheet):
    """A digit that takes two fifths of the sheet's height, on paper with lines."""
    kind = str(seed % 10)
    strokes = _drawn(DIGITS[kind][seed // 10 % 5], Place(0.5, 0.5, 0.4, 0.012), np.random.default_rng(seed))
    drawing = Drawing(kind, strokes, 0.012)
    spacing = {"lined": 0.115, "squared": 0.08}.get(paper, 0.1)
    return drawing, photograph(drawing, Sheet(paper, **({"spacing": spacing, "seed": seed} | sheet)), 756)


@pytest.mark.parametrize("paper", ["lined", "squared"])
@pytest.mark.parametrize(
    "sheet",
    [
        {},
        {"tilt": 0.06},
        {"tilt": -0.1, "spacing": 0.05},
        {"line": (150, 150, 190), "width": 0.006},
        {"margin": 0.12, "line": (215, 190, 190)},
        {"light": "hard", "spacing": 0.09},
    ],
    ids=lambda sheet: "+".join(sheet) or "usual",
)
def test_the_lines_of_paper_are_no_ink(paper, sheet):
    for seed in (3, 12, 28, 35):
        drawing, picture = digit_on(paper, seed=seed, **sheet)
        ink = ink_of(picture.convert("L"))
        assert ink.dark
        assert ink.photo
        assert ink.lines >= 4
        box = np.array(ink_box(ink.image)) / ink.image.width
        points = np.concatenate([np.array(stroke) for stroke in drawing.strokes])
        theirs = np.concatenate([points.min(0) - drawing.pen / 2, points.max(0) + drawing.pen / 2])
        assert np.abs(box - theirs).max() <= 0.03, (seed, box, theirs)


def test_no_line_is_seen_on_blank_paper():
    for seed in (1, 4, 14, 37):  # straight strokes among them
        assert ink_of(digit_on("blank", seed=seed)[1].convert("L")).lines == 0


def test_what_reaches_the_rim_is_said(doodles):
    page = Image.new("RGB", (600, 600), (232, 230, 226))
    draw = ImageDraw.Draw(page)
    for at in (80, 300, 520):  # boards of a table: far wider than any printed line
        draw.line((0, at, 600, at + 30), fill=(60, 60, 60), width=26)
    grain = np.random.default_rng(0).normal(0, 4, (600, 600, 3))
    seen = Image.fromarray((np.asarray(page) + grain).clip(0, 255).astype(np.uint8))
    assert "reaches the rim on two sides" in prepare(seen, doodles).doubt
    drawing = DRAWN[120]
    clean = photograph(drawing._replace(pen=0.012), Sheet("lined", seed=1), 600)
    assert prepare(clean, doodles).doubt is None
    assert prepare(rasterize(drawing.strokes, drawing.pen), doodles).doubt is None
