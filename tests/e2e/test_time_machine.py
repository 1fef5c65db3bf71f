"""The time machine in a real browser: train, go back to the random start, forward again, play."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.e2e.screens import Train, go_to, shares, until

pytestmark = pytest.mark.e2e


class Machine:
    """The time machine, and what moves with it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.row = page.get_by_test_id("time-machine")
        self.row.wait_for()
        page.get_by_test_id("confusion").wait_for()
        self.slider = page.get_by_test_id("time-slider")

    @property
    def says(self) -> str:
        return self.page.get_by_test_id("time-moment").inner_text()

    @property
    def step(self) -> int:
        """Of the maps that are shown."""
        return int(self.page.get_by_test_id("feature-maps").get_attribute("data-step") or -1)

    @property
    def moments(self) -> int:
        return int(self.row.get_attribute("data-moments") or 0)

    @property
    def right(self) -> int:
        """Right answers in the confusion matrix."""
        return int(self.page.get_by_test_id("confusion").get_attribute("data-right") or 0)

    @property
    def answer(self) -> list[float]:
        return shares(self.page.get_by_test_id("answer-bar"))

    @property
    def first_filter(self) -> str:
        return self.page.get_by_test_id("filter-tile").locator("canvas").first.evaluate("canvas => canvas.toDataURL()")

    @property
    def first_map(self) -> str:
        return self.page.get_by_test_id("map-tile").locator("canvas").first.evaluate("canvas => canvas.toDataURL()")

    def press(self, key: str, step: int) -> None:
        """Press a key on the slider and wait until the maps and the counts are those of `step`."""
        self.slider.focus()
        self.page.keyboard.press(key)
        self.wait_for(step)

    def wait_for(self, step: int) -> None:
        until(lambda: self.step == step, f"the maps of iteration {step}")
        counted = self.page.get_by_test_id("confusion").get_by_text(f"at iteration {step:,}").first
        counted.wait_for()


def test_scrub_play_and_reload(visit: Callable[..., Page]) -> None:
    page = visit("/train?data=doodles&pictures=2000&tests=300&net=c8k3-m2-f-d20&batch=8&epochs=100")
    train = Train(page)
    train.start()
    go_to(page, "Look inside")
    machine = Machine(page)
    seen, early = machine.moments, machine.step
    assert machine.says.startswith("now: iteration")
    until(lambda: machine.moments > seen and machine.step > early, "a new moment, and a newer now, while it trains")
    go_to(page, "Train")
    Train(page).press("Stop")
    Train(page).wait_for_state("stopped")
    go_to(page, "Look inside")
    machine = Machine(page)
    end, learned = machine.step, (machine.answer, machine.first_filter, machine.first_map)
    machine.wait_for(end)
    good = machine.right

    machine.press("Home", 0)
    assert machine.says == "iteration 0, all random"
    assert machine.slider.get_attribute("aria-valuetext") == machine.says
    assert machine.right < 0.6 * good
    start = (machine.answer, machine.first_filter, machine.first_map)
    assert all(before != after for before, after in zip(start, learned, strict=True))
    for step in (1, 2, 4):
        machine.press("ArrowRight", step)
    assert machine.says == "iteration 4, epoch 1"

    machine.press("End", end)
    assert machine.says == f"now: iteration {end:,}"
    assert (machine.answer, machine.first_filter, machine.first_map) == learned
    assert machine.right == good

    box = machine.slider.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] - 8, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 2, box["y"] + box["height"] / 2, steps=25)
    page.mouse.up()
    machine.wait_for(0)  # however many moments were passed, the last one is shown

    page.get_by_test_id("time-play").click()
    until(lambda: machine.row.get_attribute("data-playing") == "true", "it plays")
    until(lambda: machine.says.startswith("now"), "it has played to the end")
    machine.wait_for(end)
    assert machine.row.get_attribute("data-playing") == "false"

    page.reload()
    machine = Machine(page)
    assert machine.says == f"now: iteration {end:,}"
    machine.press("Home", 0)
    assert (machine.answer, machine.first_filter, machine.first_map) == start


def test_a_net_without_a_past_says_so(visit: Callable[..., Page]) -> None:
    page = visit("/look_inside")
    page.get_by_text("The ready net came trained").wait_for()
    page.get_by_test_id("feature-maps").wait_for()
    page.get_by_test_id("confusion").wait_for()
    assert page.get_by_test_id("time-machine").count() == 0
