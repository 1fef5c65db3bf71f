"""For the back row: on a projector of 1280 by 720 nothing is smaller than 20 pixels, on any page or view."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.e2e.screens import address, go_to, until
from tests.e2e.views import VIEWS, addresses, stand

pytestmark = pytest.mark.e2e

SCREEN = {"width": 1280, "height": 720}
# Every text that is to be seen, with the size at which it stands on the screen, also in shadow roots and drawings.
_SMALL = """(least) => {
  const found = {};
  const look = (root) => {
    for (const node of root.querySelectorAll("*")) {
      if (node.shadowRoot) look(node.shadowRoot);
      const texts = [...node.childNodes].filter((child) => child.nodeType === 3);
      const text = texts.map((child) => child.data.trim()).join("");
      if (!text || node.matches("style, script, option, title, .katex *")) continue;
      const box = node.getBoundingClientRect();
      const shown = node.checkVisibility({ opacityProperty: true, visibilityProperty: true });
      if (box.width < 2 || box.height < 2 || !shown) continue;
      const { a, b } = node.ownerSVGElement ? node.getScreenCTM() : { a: node.currentCSSZoom, b: 0 };
      const own = parseFloat(getComputedStyle(node).fontSize);
      const size = Math.round(10 * own * Math.hypot(a, b)) / 10;
      const name = `${node.localName}.${node.getAttribute("class") ?? ""}`;
      if (size < least) found[`${size} ${name}: ${text.slice(0, 40)}`] = 1;
    }
  };
  look(document.body);
  return Object.keys(found);
}"""


_LEFT_OUT = "document.querySelector('[data-testid=stSidebar]').getBoundingClientRect().right <= 1"


def too_small(page: Page) -> list[str]:
    found: list[str] = page.evaluate(_SMALL, 19.9)
    return found


def is_too_wide(page: Page) -> bool:
    wide: bool = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1")
    return wide


@pytest.mark.parametrize("name", VIEWS, ids=lambda name: name or "start")
def test_nothing_is_smaller_than_twenty_pixels(name: str, visit: Callable[..., Page], address: str) -> None:
    page = visit("/", viewport=SCREEN)
    found = []
    for each in addresses(name):
        page.goto(f"{address}{each}{'&' if '?' in each else '?'}projector")
        stand(page)
        found += [f"{each}  {small}" for small in too_small(page)]
        found += [f"{each}  scrolls sideways"] if is_too_wide(page) else []
    assert not found, "\n".join(found)


def test_one_switch_turns_it_on_and_off_and_it_is_kept_over_pages(visit: Callable[..., Page]) -> None:
    page = visit("/train?data=doodles", viewport=SCREEN)
    stand(page)
    assert too_small(page)
    switch = page.get_by_test_id("projector-switch")
    switch.click()
    until(lambda: "projector=on" in address(page), "it is in the address")
    until(lambda: not too_small(page), "all of it is large")
    go_to(page, "Learn")
    stand(page)
    until(lambda: "projector=on" in address(page), "it is in the address of the next page")
    assert not too_small(page)
    page.reload()
    stand(page)
    assert not too_small(page)
    switch.click()
    until(lambda: "projector" not in address(page), "it is off")
    until(lambda: bool(too_small(page)), "all of it is as it was")
    assert switch.get_attribute("aria-pressed") == "false"


def test_a_lesson_lies_over_the_page_which_keeps_its_width(visit: Callable[..., Page]) -> None:
    page = visit("/train?projector&lesson=descent", viewport=SCREEN)
    panel = page.get_by_test_id("stSidebar")
    panel.get_by_test_id("lesson-step").wait_for()
    stand(page)
    assert page.get_by_test_id("stMain").evaluate("node => node.clientWidth") > 1250
    page.get_by_test_id("stSidebarCollapseButton").get_by_role("button").click()
    until(lambda: not panel.is_visible() or page.evaluate(_LEFT_OUT), "the page lies open")
