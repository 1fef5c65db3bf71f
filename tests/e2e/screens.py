"""What a person does on Glasshouse's screens, in their words."""

import os
import time
from collections.abc import Callable, Sequence

from playwright.sync_api import FloatRect, Locator, Page

# How long anything may take before a test gives up, in seconds: costs nothing while all is well, on a busy machine too.
PATIENCE = float(os.environ.get("PATIENCE", "180"))

Stroke = Sequence[tuple[float, float]]  # points in shares of the sheet, (0, 0) top left


def until(true: Callable[[], bool], what: str, seconds: float = PATIENCE) -> None:
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

    def wait_for_points(self, more_than: int, seconds: float = PATIENCE) -> None:
        until(lambda: self.points > more_than, f"more than {more_than} points", seconds)

    def settled_points(self) -> int:
        """How many points there are once no more come: the last one of a run that pauses may come after the word."""
        seen = -1
        while seen != self.points:
            seen = self.points
            self.page.wait_for_timeout(700)
        return seen

    def wait_for_state(self, *states: str, seconds: float = PATIENCE) -> None:
        until(lambda: self.state in states, f"state {states}", seconds)

    def start(self) -> None:
        self.press("Train")
        self.wait_for_state("running", "finished")
        # A tiny run can be over before it has drawn a third point.
        until(lambda: self.points > 2 or self.state == "finished", "more than 2 points, or the end")

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


class Chart:
    """One of the live charts on Train: "accuracy" or "loss"."""

    def __init__(self, page: Page, name: str) -> None:
        self._page = page
        self._place = page.get_by_test_id(f"chart-{name}")
        self._monitor = page.get_by_test_id("run-monitor")

    @property
    def is_drawn(self) -> bool:
        """True once Plotly has loaded and drawn; points may arrive earlier."""
        return bool(self._place.evaluate(f"node => Boolean(({_PLOT})?.layout)"))

    @property
    def range(self) -> list[float]:
        """The x axis that it shows."""
        found: list[float] = self._place.evaluate(f"node => [...({_PLOT}).layout.xaxis.range]")
        return found

    @property
    def shown(self) -> list[list[float]]:
        """The training points that Plotly holds: `[epochs, value]`."""
        found: list[list[float]] = self._place.evaluate(
            f"node => {{ const [{{ x, y }}] = ({_PLOT}).data; return Array.from(x, (each, i) => [each, y[i]]); }}"
        )
        return found

    def zoom(self, left: float, right: float) -> None:
        """Zoom in to these epochs, by dragging."""
        box = settled_box(self._place)
        middle = box["y"] + box["height"] * 0.5
        self._page.mouse.move(self._at(left), middle)
        self._page.mouse.down()
        self._page.mouse.move(self._at(right), middle + 4, steps=6)
        self._page.mouse.up()

    def point_at(self, epoch: float) -> None:
        """Hold the pointer over the curve there, until the label is to be seen; a hand is never quite still."""
        box = settled_box(self._place)
        middle, label = box["y"] + box["height"] * 0.5, self._place.locator(".hoverlayer .legend")

        def is_labelled() -> bool:
            for y in (middle, middle + 1):  # a move into a chart that is just being drawn is lost
                self._page.mouse.move(self._at(epoch), y, steps=3)
            return label.count() > 0

        until(is_labelled, "a label at the pointer")

    def _at(self, epoch: float) -> float:
        found: float = self._place.evaluate(
            f"(node, x) => {{ const plot = {_PLOT}, axis = plot._fullLayout.xaxis;"
            " return plot.getBoundingClientRect().x + axis._offset + axis.d2p(x); }",
            epoch,
        )
        return found

    def share_labelled(self, updates: int) -> float:
        """Wait for so many updates; gives the share of the frames meanwhile that had a label at the pointer."""
        frames: list[int] = self._place.evaluate(_LABELLED, [self._monitor.element_handle(), updates])
        return frames[0] / frames[1]


_PLOT = "node.layout ? node : node.querySelector('.js-plotly-plot')"
# Looks after each frame's callbacks, in which charts are drawn: what it finds is what is painted.
_LABELLED = f"""(node, [monitor, updates]) => new Promise(done => {{
  const plot = {_PLOT};
  const end = +monitor.dataset.n + updates;
  let [labelled, frames] = [0, 0];
  const {{ port1, port2 }} = new MessageChannel();
  const look = () => requestAnimationFrame(() => port2.postMessage(null));
  port1.onmessage = () => {{
    frames += 1;
    labelled += plot.querySelector(".hoverlayer .legend") ? 1 : 0;
    +monitor.dataset.n >= end ? done([labelled, frames]) : look();
  }};
  look();
}})"""


def go_to(page: Page, title: str) -> None:
    """Use the navigation, as a person does, so that the session goes on."""
    page.get_by_test_id("stTopNavLink").filter(has_text=title).click()
    page.get_by_role("heading", name=title).wait_for()


def draw(page: Page, *strokes: Stroke, steps: int = 8) -> None:
    """Draw with the mouse, which moves in `steps` to each point."""
    box = _sheet(page)
    for stroke in strokes:
        first, *rest = _on(box, stroke)
        page.mouse.move(*first)
        page.mouse.down()
        for point in rest:
            page.mouse.move(*point, steps=steps)
        page.mouse.up()


def touch(page: Page, stroke: Stroke) -> None:
    """Draw one stroke with a finger."""
    browser = page.context.new_cdp_session(page)  # Playwright's own fingers only tap
    first, *rest = [{"x": x, "y": y} for x, y in _on(_sheet(page), stroke)]
    browser.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [first]})
    for point in rest:
        browser.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
    browser.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def _sheet(page: Page) -> FloatRect:
    surface = page.get_by_test_id("canvas-surface")
    surface.wait_for()
    return settled_box(surface)


def _on(box: FloatRect, stroke: Stroke) -> list[tuple[float, float]]:
    return [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in stroke]


def thread_seconds(page: Page) -> Callable[[], float]:
    """How long the page's own thread has computed since now: a busy machine takes longer for it, not more."""
    browser = page.context.new_cdp_session(page)
    browser.send("Performance.enable", {"timeDomain": "threadTicks"})

    def so_far() -> float:
        found = {each["name"]: each["value"] for each in browser.send("Performance.getMetrics")["metrics"]}
        return float(found["ThreadTime"])

    return so_far


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
