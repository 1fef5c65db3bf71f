"""The Shift Lab in a real browser: train the three, read the sentence, slide a picture and read the answers."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from playwright.sync_api import Locator, Page

from lib import evaluate, load_dataset
from lib.datasets import list_datasets
from lib.explain.shifting import Robustness, answers_when_shifted, robustness
from lib.runs import Run
from lib.runs.store import Store
from lib.ui.classify.shift_experiment import EFFORTS, KINDS, TITLES, experiment
from lib.ui.classify.shift_verdict import finding, verdict
from tests.e2e.screens import draw, settled_box, shares, thread_seconds, until

pytestmark = pytest.mark.e2e

ADDRESS = "/classify?classify-view=Shift+Lab&lab-pictures=Digits&lab-training=short"
DIGITS = next(info for info in list_datasets() if info.name == "digits")
REACH = 8
PIXELS = 28


class Lab:
    """The Shift Lab's pad and panels."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.pad = page.get_by_test_id("shift-pad")
        self.pad.wait_for()
        self.surface = page.get_by_test_id("shift-surface")

    @property
    def sentence(self) -> str:
        card = self.page.locator(".st-key-shift-verdict p")
        return card.first.inner_text() if card.count() else ""

    @property
    def place(self) -> tuple[int, int]:
        return int(self.pad.get_attribute("data-dx") or 99), int(self.pad.get_attribute("data-dy") or 99)

    def panel(self, kind: str) -> Locator:
        return self.page.locator(f'[data-testid="shift-panel"][data-name="{kind}"]')

    def answers(self, kind: str) -> list[float]:
        return shares(self.panel(kind).get_by_test_id("shift-bar"))

    def settled(self, kind: str) -> list[float]:
        """The answers once they change no more."""
        before, now = None, self.answers(kind)
        while before != now:
            self.page.wait_for_timeout(400)
            before, now = now, self.answers(kind)
        return now

    def until_at(self, *place: int) -> None:
        until(lambda: self.place == place, f"the picture at {place}")

    def under_way(self) -> bool:
        return self.page.locator(".st-key-shift-status").get_by_role("button", name="Cancel").count() > 0

    def train(self) -> None:
        """Have the three trained and measured, unless an earlier test did."""
        until(lambda: self.can_train or bool(self.sentence) or self.under_way(), "something to do")
        if self.can_train:
            self.page.get_by_role("button", name="Train the three").click()
        until(lambda: bool(self.sentence) and not self.under_way(), "the sentence")

    @property
    def can_train(self) -> bool:
        return self.page.get_by_role("button", name="Train the three").is_enabled()


def runs_of(home: Path) -> dict[str, Run]:
    """The experiment's runs, read from the disk of the server."""
    store = Store(home)
    rows = [store.find(run_id) for run_id in store.newest_ids(100)]
    configs = experiment(DIGITS, EFFORTS["short"], 0, augment=False)
    found = {kind: next(row for row in rows if row.config == configs[kind]) for kind in KINDS}
    assert {row.state for row in found.values()} == {"finished"}
    return {kind: Run(row, store) for kind, row in found.items()}


def near_map_of(run: Run) -> Robustness:
    """Accuracies for shifts of up to 4 pixels, by lib alone."""
    parts = robustness(run.model()[1], run.dataset.test, EFFORTS["short"].measured, reach=4, angles=(), scales=())
    while True:
        try:
            next(parts)
        except StopIteration as stop:
            found: Robustness = stop.value
            return found


def test_S64_X5_the_three_are_trained_judged_and_asked_about_a_picture_that_moves(
    visit: Callable[..., Page], home: Path
) -> None:
    page = visit(ADDRESS)
    lab = Lab(page)
    page.get_by_text("Press Train the three").wait_for()
    assert lab.answers("dense") == [0.0] * 10  # no net, no answer
    page.get_by_role("button", name="Train the three").click()
    until(lab.under_way, "progress with a way out")
    page.reload()
    lab = Lab(page)
    until(lambda: lab.under_way() or bool(lab.sentence), "the same experiment after a reload")
    lab.train()

    runs = runs_of(home)
    maps = {kind: near_map_of(run) for kind, run in runs.items()}
    findings = [finding(TITLES[kind], maps[kind], 4) for kind in KINDS]
    expected = verdict(findings, pixels=4, pictures=EFFORTS["short"].measured, classes=10)
    assert lab.sentence == expected.replace("*", "")
    _slides(lab, runs, maps)
    _is_quick(page)


def _slides(lab: Lab, runs: dict[str, Run], maps: dict[str, Robustness]) -> None:
    page = lab.page
    shown = re.search(r"test picture ([\d,]+): ", page.locator(".shift .caption").inner_text())
    assert shown
    data = load_dataset("digits")
    x, y = data.test.batch(torch.tensor([int(shown[1].replace(",", ""))]))
    expected = {kind: answers_when_shifted(run.model()[1], x) for kind, run in runs.items()}

    def check(dx: int, dy: int) -> None:
        lab.until_at(dx, dy)
        for kind in KINDS:
            says = expected[kind][dy + REACH, dx + REACH]
            assert lab.answers(kind) == pytest.approx(says.tolist(), abs=1e-4)
            answer = lab.panel(kind).get_by_test_id("shift-answer").inner_text()
            assert data.classes[int(says.argmax())] in answer
            assert ("right" if int(says.argmax()) == int(y) else "wrong") in answer
            if max(abs(dx), abs(dy)) <= 4:
                here = lab.panel(kind).get_by_test_id("shift-readout").get_attribute("data-value")
                assert float(here or "nan") == pytest.approx(maps[kind].by_shift[dy + 4][dx + 4], abs=1e-6)

    check(0, 0)
    for kind, run in runs.items():
        judged = evaluate(run.model()[1], data.test, limit=EFFORTS["short"].measured).accuracy
        said = lab.panel(kind).get_by_test_id("shift-readout").inner_text()
        assert f"accuracy {judged * 100:.1f}\u00a0% at the middle" in said

    lab.surface.focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowRight", "ArrowUp", "ArrowUp"):
        page.keyboard.press(key)
    check(3, -2)
    page.keyboard.press("Shift+ArrowDown")
    check(3, 2)
    until(lambda: "3 right, 2 down. dense: " in page.get_by_test_id("shift-live").inner_text(), "words for ears")

    box = settled_box(lab.surface)
    pixel = box["width"] / PIXELS
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.move(*middle)
    page.mouse.down()
    page.mouse.move(middle[0] - 7 * pixel, middle[1] - pixel, steps=10)
    check(-4, 1)
    page.mouse.move(middle[0] - 40 * pixel, middle[1], steps=4)  # far out: as far as it goes
    check(-8, 2)
    page.mouse.up()
    page.mouse.move(*middle)
    assert lab.place == (-8, 2)

    cells = settled_box(lab.panel("pooled").get_by_test_id("shift-map"))
    cell = cells["width"] / (2 * REACH + 1)
    page.mouse.click(cells["x"] + cell * (REACH + 2 + 0.5), cells["y"] + cell * (REACH - 4 + 0.5))
    check(2, -4)
    page.keyboard.press("Tab")
    lab.surface.focus()
    page.keyboard.press("Home")
    check(0, 0)
    _by_finger(page, middle, 5 * pixel)
    check(5, 0)


def _by_finger(page: Page, start: tuple[float, float], across: float) -> None:
    browser = page.context.new_cdp_session(page)  # Playwright's own fingers only tap
    for kind, x in (("touchStart", 0.0), ("touchMove", across / 2), ("touchMove", across), ("touchEnd", None)):
        points = [] if x is None else [{"x": start[0] + x, "y": start[1]}]
        browser.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


# Each from a key press to the frame that shows the new answers.
_MOVES = """(surface) => {
  const bar = () => surface.getRootNode().querySelector('[data-testid="shift-pad"]').dataset.dx;
  const painted = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  const one = async (key) => {
    const before = bar();
    surface.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
    while (bar() === before) await painted();
  };
  return (async () => {
    for (let i = 0; i < 20; i++) await one(i % 2 ? "ArrowLeft" : "ArrowRight");
  })();
}"""


def _is_quick(page: Page) -> None:
    computed = thread_seconds(page)
    page.get_by_test_id("shift-surface").evaluate(_MOVES)
    assert 0 < computed() / 20 < 0.15


def test_S64_a_drawing_of_one_s_own_slides_and_stays_where_it_is(visit: Callable[..., Page]) -> None:
    page = visit(ADDRESS)
    lab = Lab(page)
    lab.train()
    sample = lab.answers("pooled")
    page.get_by_role("radio", name="Draw").click()
    draw(page, [(0.5, 0.15), (0.52, 0.5), (0.5, 0.85)])
    until(lambda: "your drawing" in page.locator(".shift .caption").inner_text(), "the drawing")
    assert lab.settled("pooled") != sample  # the stroke arrives piece by piece
    centred = lab.answers("dense")
    lab.surface.focus()
    for _ in range(5):
        page.keyboard.press("ArrowLeft")
    lab.until_at(-5, 0)
    moved = lab.answers("dense")
    assert moved != centred
    before = lab.sentence
    page.get_by_role("slider", name="Average over shifts up to").focus()
    page.keyboard.press("ArrowRight")
    until(lambda: "up to 5 pixels" in lab.sentence, "the sentence for another frame")
    assert lab.sentence != before
    assert (lab.place, lab.answers("dense")) == ((-5, 0), moved)  # nothing else moved
    page.get_by_test_id("shift-home").click()
    lab.until_at(0, 0)
    assert lab.answers("dense") == centred
    drawn = page.locator('[data-testid="shift-curves"][data-drawn="3"]')
    drawn.wait_for()
    assert page.get_by_test_id("shift-curve").count() == 2
    stacked = "plots => plots.map(plot => plot.scrollHeight - plot.clientHeight)"  # Plotly's layers, without its rules
    assert page.locator(".curves .plot").evaluate_all(stacked) == [0, 0]
    tops = "answers => answers.map(answer => Math.round(answer.getBoundingClientRect().top))"
    assert len(set(page.get_by_test_id("shift-answer").evaluate_all(tops))) == 1  # beside the sheet panels are narrow


def test_S64_training_can_be_cancelled(visit: Callable[..., Page], home: Path) -> None:
    page = visit(ADDRESS.replace("short", "long") + "&lab-seed=3")
    lab = Lab(page)
    page.get_by_role("button", name="Train the three").click()
    until(lab.under_way, "progress with a way out")
    page.locator(".st-key-shift-status").get_by_role("button", name="Cancel").click()
    until(lambda: lab.can_train, "Train the three, awake again")
    assert not lab.sentence
    store = Store(home, "read")
    states = {row.state for row in map(store.find, store.newest_ids(100)) if row.config.seed == 3}
    assert "running" not in states
    assert "stopped" in states
