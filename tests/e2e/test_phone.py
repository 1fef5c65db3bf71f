"""On a phone, 390 pixels wide: no page scrolls sideways, and the sheet is as wide as it can be."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.e2e.views import VIEWS, addresses, stand

pytestmark = pytest.mark.e2e

PHONE = {"width": 390, "height": 844}
# What reaches beyond the right edge, and is in nothing that scrolls or cuts by itself.
_BEYOND = """() => {
  const found = [];
  const inside = (node) => {
    for (let up = node; up; up = up.parentElement ?? up.getRootNode().host) {
      const cuts = up !== node && getComputedStyle(up).overflowX !== "visible";
      if (cuts) return up.matches('[data-testid="stMain"], html, body');
    }
    return true;
  };
  const look = (root) => root.querySelectorAll("*").forEach((node) => {
    if (node.shadowRoot) look(node.shadowRoot);
    const { right, width } = node.getBoundingClientRect();
    const apart = getComputedStyle(node).position === "fixed" || node.closest('[data-testid="stHeader"]');
    if (width > 2 && right > innerWidth + 1 && !apart && inside(node)) found.push(node);
  });
  look(document.querySelector('[data-testid="stMain"]'));
  return found.slice(0, 8).map((node) => `${node.localName}.${node.getAttribute("class")}`);
}"""


def beyond(page: Page) -> list[str]:
    found: list[str] = page.evaluate(_BEYOND)
    return found


@pytest.mark.parametrize("name", VIEWS, ids=lambda name: name or "start")
def test_no_page_scrolls_sideways_on_a_phone(name: str, visit: Callable[..., Page], address: str) -> None:
    page = visit("/", viewport=PHONE, has_touch=True)
    found = []
    for each in addresses(name):
        page.goto(address + each)
        stand(page)
        wide = page.evaluate("""() => {
          const main = document.querySelector('[data-testid="stMain"]');
          return [document.documentElement, main].some((each) => each.scrollWidth > each.clientWidth + 1);
        }""")
        if wide:
            found.append(f"{each} scrolls sideways: {'; '.join(beyond(page))}")
    assert not found, "\n".join(found)


@pytest.mark.parametrize("path", ["/", "/classify"])
def test_the_sheet_fills_the_width_of_a_phone(path: str, visit: Callable[..., Page]) -> None:
    page = visit(path, viewport=PHONE, has_touch=True)
    stand(page)
    sheet = page.get_by_test_id("canvas-surface").bounding_box()
    assert sheet
    assert sheet["width"] > 0.85 * PHONE["width"]
