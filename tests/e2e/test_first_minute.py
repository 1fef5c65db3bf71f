"""A newcomer's minute: an empty home, one drawing, one click, and her own net reads it."""

import math
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page

from tests.e2e.screens import Stroke, draw, go_to, settled_box, until
from tests.e2e.served import serve

pytestmark = pytest.mark.e2e

HOUSE: tuple[Stroke, ...] = (
    [(0.28, 0.45), (0.28, 0.8), (0.72, 0.8), (0.72, 0.45), (0.28, 0.45)],
    [(0.22, 0.46), (0.5, 0.18), (0.78, 0.46)],
)
CIRCLE: Stroke = [(0.5 + 0.3 * math.cos(t / 20 * math.tau), 0.5 + 0.3 * math.sin(t / 20 * math.tau)) for t in range(21)]


def points(card: Locator) -> int:
    return int(card.get_attribute("data-n") or 0)


def test_one_drawing_and_one_click_lead_to_a_net_of_ones_own(visit: Callable[..., Page], tmp_path: Path) -> None:
    with serve(tmp_path / "empty") as server:
        page = visit(server.address)
        maps, card = page.get_by_test_id("feature-maps"), page.get_by_test_id("first-run")
        page.get_by_test_id("map-tile").first.wait_for()
        draw(page, *HOUSE)
        house = page.locator("[data-testid=answer-bar][data-class=house]")
        until(lambda: float(house.get_attribute("data-probability") or 0) > 0.5, "the ready net reads the house")
        ready = maps.get_attribute("data-step")

        page.get_by_role("button", name="Train this net yourself").click()
        card.wait_for()
        until(lambda: points(card) > 0, "a first point")
        until(lambda: maps.get_attribute("data-step") not in (ready, None, "", "0"), "maps of the net that learns")
        seen = int(maps.get_attribute("data-step") or 0)
        assert page.get_by_text("Your picture").count() == 1  # hers, not a sample's
        page.reload()  # in the middle: it goes on, and so does what is shown
        until(lambda: points(card) > 0, "its curve again")
        until(lambda: int(maps.get_attribute("data-step") or 0) > seen, "newer maps of it")

        page.get_by_test_id("first-draw").wait_for(timeout=600_000)
        said = page.get_by_test_id("first-says")
        assert "of drawings it has never seen" in said.inner_text()
        assert float(said.inner_text().split("reads ")[1].split("\u00a0")[0]) > 95
        sizes = page.locator("h1, h2, h3, p").evaluate_all(
            "all => all.map(each => parseFloat(getComputedStyle(each).fontSize))"
        )
        assert float(said.evaluate("node => parseFloat(getComputedStyle(node).fontSize)")) >= max(sizes)
        page.get_by_test_id("first-draw").click()
        until(lambda: page.get_by_test_id("canvas-surface").evaluate(_HAS_FOCUS), "the sheet is ready to be drawn on")
        if page.get_by_test_id("canvas-clear").is_enabled():
            page.get_by_test_id("canvas-clear").click()
        for kind, strokes in (("house", HOUSE), ("circle", (CIRCLE,))):
            draw(page, *strokes)
            bar = page.locator(f"[data-testid=answer-bar][data-class={kind}]")
            until(lambda bar=bar: float(bar.get_attribute("data-probability") or 0) > 0.5, f"her net reads a {kind}")
            page.get_by_test_id("canvas-clear").click()
        assert maps.get_attribute("data-step") == "2256"  # 8 epochs of 282 batches, no ready net's


_HAS_FOCUS = "node => node.getRootNode().activeElement === node"


def test_what_is_on_the_screen_is_a_link_that_opens_it_elsewhere(visit: Callable[..., Page]) -> None:
    """In German, at 800 pixels, with a run in the bar: copied with one press, and opened in English."""
    page = visit("/data?lang=de&data=digits", viewport={"width": 800, "height": 900})
    page.get_by_text("Farbe", exact=True).click()
    page.wait_for_url("**data-view=colour**")
    for title in ("Training", "Daten"):
        go_to(page, title)
    page.wait_for_url("**/data?*lang=de*")
    assert page.get_by_test_id("stTopNavLink").nth(1).inner_text().strip() == "Lernen"
    settled_box(page.get_by_test_id("copy"))
    page.get_by_test_id("copy").click()
    until(lambda: page.get_by_test_id("copy-told").inner_text() != "", "whether it was copied")
    link = page.get_by_test_id("copy-address").input_value()
    assert {"lang=de", "data-view=colour", "data=digits"} <= set(link.split("?")[1].split("&"))
    page.locator(".copy-link summary").click()
    page.get_by_label("optimizer", exact=True).check()
    until(lambda: "hide=optimizer" in page.get_by_test_id("copy-address").input_value(), "a control left out")
    page.keyboard.press("Escape")
    assert not page.get_by_test_id("copy-address").is_visible()
    other = visit(link.replace("lang=de", "lang=en"))
    other.get_by_text("Colour", exact=True).wait_for()
    other.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()
    assert "data-view=colour" in other.url
