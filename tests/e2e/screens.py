"""What a person does on Glasshouse's screens, in their words."""

import time
from collections.abc import Callable, Sequence

from playwright.sync_api import FloatRect, Locator, Page

Stroke = Sequence[tuple[float, float]]  # points in shares of the sheet, (0, 0) top left


def until(true: Callable[[], bool], what: str, seconds: float = 60.0) -> None:
    """Wait until something holds; the clock only says when to give up."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            raise AssertionError(f"still not: {what}")
        time.sleep(0.05)  # a look at the page in `true` lets the browser's news in


def address(page: Page) -> str:
    """What the browser's address bar says now."""
    shown: str = page.evaluate("location.href")
    return shown


class Train:
    """The Train page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.monitor = page.get_by_test_id("run-monitor")
        self.monitor.wait_for()
        self.buttons = page.locator(".st-key-run-buttons")

    def press(self, name: str) -> None:
        self.buttons.get_by_role("button", name=name, exact=True).click()

    def is_awake(self, name: str) -> bool:
        button = self.buttons.get_by_role("button", name=name, exact=True)
        return button.count() > 0 and button.is_enabled()

    @property
    def points(self) -> int:
        return int(self.monitor.get_attribute("data-n") or 0)

    @property
    def state(self) -> str:
        return self.monitor.get_attribute("data-state") or ""

    def wait_for_points(self, more_than: int, seconds: float = 60.0) -> None:
        until(lambda: self.points > more_than, f"more than {more_than} points", seconds)

    def wait_for_state(self, *states: str, seconds: float = 60.0) -> None:
        until(lambda: self.state in states, f"state {states}", seconds)

    def start(self) -> None:
        self.press("Train")
        self.wait_for_state("running", "finished")
        self.wait_for_points(2)

    @property
    def run_id(self) -> str:
        return address(self.page).split("run=")[1].split("&")[0]

    def rows(self) -> list[str]:
        return [row.inner_text() for row in self.page.get_by_test_id("layer-row").all()]

    @property
    def totals(self) -> str:
        return self.page.get_by_test_id("totals").inner_text()

    def choose_preset(self, name: str) -> None:
        self.page.get_by_test_id("preset").select_option(name)


def go_to(page: Page, title: str) -> None:
    """Use the navigation, as a person does, so that the session goes on."""
    page.get_by_test_id("stTopNavLink").filter(has_text=title).click()
    page.get_by_role("heading", name=title).wait_for()


def draw(page: Page, *strokes: Stroke) -> None:
    """Draw with the mouse."""
    surface = page.get_by_test_id("canvas-surface")
    surface.wait_for()
    box = settled_box(surface)
    for stroke in strokes:
        first, *rest = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in stroke]
        page.mouse.move(*first)
        page.mouse.down()
        for point in rest:
            page.mouse.move(*point, steps=8)
        page.mouse.up()


def settled_box(place: Locator) -> FloatRect:
    """Where something is, once the page has stopped moving."""
    place.page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()
    before = None
    while (now := place.bounding_box()) is None or now != before:
        before = now
        place.page.wait_for_timeout(150)
    return now


def shares(bars: Locator) -> list[float]:
    """The probabilities that the answer's bars show."""
    # In one look: while somebody draws, the bars change between two looks.
    found: list[float] = bars.evaluate_all("bars => bars.map(bar => +(bar.dataset.share ?? bar.dataset.probability))")
    return found
