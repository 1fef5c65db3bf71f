"""A whole lesson in a real browser, with its guesses, its real runs and what they show."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.e2e.screens import PATIENCE, address, draw, go_to, until
from tests.e2e.test_labs import HOUSE

pytestmark = pytest.mark.e2e


class Lesson:
    """The lesson's panel."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.panel = page.locator(".st-key-lesson-panel")
        self.panel.wait_for()

    def at(self, number: int, page: str) -> None:
        """Wait until the lesson stands there."""
        step = self.page.get_by_test_id("lesson-step")
        until(lambda: step.inner_text().startswith(f"step {number} of"), f"step {number}")
        until(
            lambda: f"/{page}" in address(self.page) and f"step={number}" in address(self.page),
            f"{page} in the address",
        )

    def press(self, name: str) -> None:
        self.settled()
        self.panel.get_by_role("button", name=name, exact=True).click()

    def choose(self, text: str) -> None:
        self.panel.get_by_text(text, exact=True).click()
        self.press("That is my guess")
        self.reads("You said|Your guess")

    def type(self, number: str) -> None:
        self.panel.get_by_role("spinbutton").fill(number)  # and without Enter, as pupils do
        self.press("That is my guess")
        self.reads("You said|Your guess")

    def settled(self) -> None:
        self.page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()

    def reads(self, pattern: str, seconds: float = PATIENCE) -> None:
        until(lambda: re.search(pattern, self.panel.inner_text()) is not None, pattern, seconds)


def test_one_whole_lesson_with_predict_run_and_check(visit: Callable[..., Page], tmp_path: Path) -> None:
    page = visit("/data?lesson=first-net")
    lesson = Lesson(page)
    lesson.at(1, "data")
    page.get_by_test_id("picture-numbers").wait_for()
    lesson.type("700")
    lesson.reads(r"You said 700; it is 784")

    lesson.press("Next")
    lesson.at(2, "train")
    page.get_by_test_id("run-monitor").wait_for()
    lesson.choose("101,770, one for each connection and neuron")
    lesson.reads("and that is right")
    assert page.get_by_role("slider", name="Learning rate").count() == 0  # this step needs no controls

    lesson.press("Next")
    lesson.at(3, "train")
    assert lesson.panel.get_by_role("button", name="Run it").is_disabled()
    lesson.type("12")
    lesson.settled()
    lesson.press("Run it")
    lesson.reads(r"From guessing to 9?8?\d\d?\.\d % in 5 epochs")
    lesson.reads(r"You said 12\.0 %; it is \d+\.\d %")
    first_run = re.search(r"run=([\w-]+)", address(page))
    assert first_run

    go_to(page, "Look inside")  # the lesson comes along
    assert "lesson=first-net" in address(page)
    lesson.panel.get_by_text("This step plays on Train").click()
    page.get_by_test_id("run-monitor").wait_for()
    lesson.at(3, "train")
    page.reload()
    lesson = Lesson(page)
    lesson.at(3, "train")
    lesson.reads(r"You said 12\.0 %")
    assert "The set-up is no longer" not in lesson.panel.inner_text()

    lesson.press("Next")
    lesson.at(4, "train")
    lesson.choose("The first")
    lesson.reads("the curve tapers off")

    lesson.press("Next")
    lesson.at(5, "train")
    lesson.choose("It gets more right")
    lesson.settled()
    lesson.press("Run it")
    lesson.reads(r"\d+\.\d % (instead of|beside) \d+\.\d %")
    lesson.reads(r"You said It gets more right; it is")

    lesson.press("Next")
    lesson.at(6, "classify")
    lesson.choose("One of its classes all the same")
    lesson.reads("and that is right")
    with page.expect_download() as download:
        lesson.press("My answers")
    kept = tmp_path / "answers.json"
    download.value.save_as(kept)
    told = json.loads(kept.read_text())
    assert [step["right"] for step in told["steps"]] == [False, True, True, True, False, True]
    assert told["steps"][4]["check"]["name"] == "less_accurate_than"
    lesson.press("Finish")
    until(lambda: "/learn" in address(page) and "lesson=" not in address(page), "the lesson closed")
    page.get_by_test_id("stSidebar").wait_for(state="detached")


@pytest.mark.soak  # four little trainings
def test_three_ways_to_be_wrong_are_gone_through_with_a_net_of_one_s_own(visit: Callable[..., Page]) -> None:
    """Train a net, fool it, mend wrong labels and find a false clue: each by its lab's own move, with its guess."""
    page = visit("/train?lesson=three-ways-to-be-wrong")
    lesson = Lesson(page)
    lesson.at(1, "train")
    lesson.type("95")
    lesson.press("Run it")
    lesson.reads(r"\d+\.\d % after 4 epochs")

    lesson.press("Next")
    lesson.at(2, "labs")
    lesson.choose("Ten small steps")
    lesson.reads("and that is right")
    draw(page, HOUSE)
    ten = page.get_by_test_id("flip-column").filter(has=page.get_by_role("heading", name="Ten small steps", exact=True))
    slider = page.get_by_test_id("flip-book").get_by_role("slider")
    until(lambda: bool(ten.get_attribute("data-first")), "an answer that turns")
    before = ten.get_attribute("data-answer")
    slider.fill(ten.get_attribute("data-first") or "")
    until(lambda: ten.get_attribute("data-answer") != before, "another answer")

    lesson.press("Next")
    lesson.at(3, "labs")
    lesson.type("90")
    lesson.reads("You said 90")
    page.get_by_role("button", name="Train on these labels").click()
    page.get_by_test_id("wrong-curves").wait_for(timeout=400_000)
    found = re.search(r"Of the first (\d+) suspects (\d+) are indeed wrong", page.locator("body").inner_text())
    assert found is not None
    assert int(found[2]) > 0.8 * int(found[1])

    lesson.press("Next")
    lesson.at(4, "labs")
    lesson.choose("Not by the accuracy; by what the answer rests on")
    lesson.reads("and that is right")
    page.get_by_role("button", name="Train with the dot").click()
    page.get_by_test_id("clue-table").wait_for(timeout=400_000)
    lesson.press("Finish")
    until(lambda: "/learn" in address(page) and "lesson=" not in address(page), "the lesson closed")


def test_a_teacher_s_link_hides_controls_on_every_page(visit: Callable[..., Page]) -> None:
    page = visit("/train?data=digits&hide=optimizer,precision,seed,volume")
    page.get_by_test_id("run-monitor").wait_for()
    page.get_by_text("hide “volume”, which is no control").wait_for()
    page.get_by_role("slider", name="Learning rate").wait_for()
    assert page.get_by_text("Optimizer", exact=True).count() == 0
    page.get_by_role("button", name="More").click()
    page.get_by_text("Weight decay").wait_for()
    assert page.get_by_text("Precision", exact=True).count() == 0
    page.keyboard.press("Escape")
    go_to(page, "Data")
    until(lambda: "hide=optimizer" in address(page), "the link's names on the next page")
