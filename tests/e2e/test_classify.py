"""Classify and Start in a browser: plain drawings are read, a step is left out, an answer is explained."""

import base64
import math
from collections.abc import Callable
from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page

from lib.ui.components.modules import version
from tests.drawings.sheet import Drawing, doodle_drawings, rasterize
from tests.e2e.screens import draw, until

pytestmark = pytest.mark.e2e

STROKES_JS = f"/api/components/{version()}/canvas/strokes.js"
DRAWN = doodle_drawings()
SOME = [DRAWN[number] for number in (6, 27, 64, 84, 101, 150)]  # large and in corners
SMALL = DRAWN[103]  # a house in a corner


def draw_it(page: Page, drawing: Drawing) -> None:
    """Draw as a quick hand does: its points lie close together as they are."""
    draw(page, *([*stroke[::3], stroke[-1]] for stroke in drawing.strokes), steps=1)


def test_the_canvas_paints_as_the_tests_do(visit: Callable[..., Page]) -> None:
    page = visit("/classify")
    for drawing in SOME:
        strokes = [{"width": drawing.pen, "points": stroke} for stroke in drawing.strokes]
        pixels = page.evaluate(f"async strokes => [...(await import('{STROKES_JS}')).rasterize(strokes, 140)]", strokes)
        ours = np.asarray(rasterize(drawing.strokes, drawing.pen), dtype=float)
        assert np.abs(np.array(pixels).reshape(140, 140) - ours).mean() < 1.0


def test_plain_drawings_are_read_on_start_and_on_classify(visit: Callable[..., Page]) -> None:
    start = visit("/")
    start.get_by_test_id("map-tile").first.wait_for()
    for drawing in SOME[:3]:
        draw_it(start, drawing)
        bar = start.locator(f"[data-testid=answer-bar][data-class={drawing.kind}]")
        until(lambda bar=bar: float(bar.get_attribute("data-probability") or 0) > 0.5, f"a {drawing.kind} is read")
        start.get_by_test_id("canvas-clear").click()
    page = visit("/classify")
    verdict = page.get_by_test_id("verdict")
    for drawing in SOME[3:]:
        draw_it(page, drawing)
        until(lambda kind=drawing.kind: verdict.get_attribute("data-class") == kind, drawing.kind)
        page.get_by_test_id("canvas-clear").click()
        verdict.wait_for(state="detached")


def test_S65_a_step_is_left_out_by_keyboard_and_put_back(visit: Callable[..., Page]) -> None:
    page = visit("/classify")
    draw_it(page, SMALL)
    verdict = page.get_by_test_id("verdict")
    until(lambda: verdict.get_attribute("data-class") == "house", "a house")
    bar = page.locator("[data-testid=bar][data-class=house]")
    whole = bar.get_attribute("data-share")
    for name in ("centre", "crop", "final"):
        seen = bar.get_attribute("data-share")
        switch = page.locator(f"[data-testid=step][data-step={name}]").get_by_role("switch")
        switch.focus()
        switch.press("Space")
        until(lambda switch=switch: switch.get_attribute("aria-checked") == "false", f"{name} is off")
        until(lambda seen=seen: bar.get_attribute("data-share") != seen, f"another answer without {name}")
    page.get_by_test_id("whole").get_by_text("with all steps: house").wait_for()
    page.get_by_test_id("steps-back").click()
    until(lambda: bar.get_attribute("data-share") == whole, "the answer as before")
    assert page.get_by_test_id("whole").count() == 0


def test_S7_an_answer_is_explained_and_follows_the_drawing(visit: Callable[..., Page]) -> None:
    page = visit("/classify")
    draw(page, [(0.5 + 0.3 * math.cos(t / 20 * math.tau), 0.5 + 0.3 * math.sin(t / 20 * math.tau)) for t in range(21)])
    page.get_by_text("Explain this answer").click()
    near = page.get_by_test_id("neighbour")
    until(lambda: near.count() == 10, "ten neighbours")
    assert [each.get_attribute("data-class") for each in near.all()].count("circle") >= 6
    assert page.get_by_test_id("attribution-panel").count() == 1
    source = near.first.locator("img").get_attribute("src") or ""
    assert Image.open(BytesIO(base64.b64decode(source.split(",")[1]))).size == (28, 28)
    page.get_by_test_id("canvas-clear").click()
    draw_it(page, SMALL)
    until(lambda: near.count() == 10 and near.first.get_attribute("data-class") == "house", "houses are nearest")
