"""The views of Look inside in a real browser: paint a kernel, mute a filter, and all of them while a net trains."""

from collections.abc import Callable

import pytest
import torch
from playwright.sync_api import Locator, Page
from torch.nn import functional

from lib.datasets import load_dataset
from lib.nets.ready import ready_net
from tests.e2e.screens import Train, go_to, until

pytestmark = pytest.mark.e2e

SMILEY = 6  # the first picture that the ready net is shown


def open_view(page: Page, title: str) -> None:
    page.get_by_test_id("stMain").get_by_role("radio", name=title, exact=True).click()


def values(page: Page, which: int, places: list[tuple[int, int]]) -> list[float]:
    """What the bench says at (row, column) of a map, reached by the arrow keys alone."""
    stage = page.get_by_test_id("bench-map").nth(which).locator(".stage")
    readout = page.get_by_test_id("bench-readout")
    found = []
    for row, column in places:
        stage.blur()
        stage.focus()
        for key, times in (("ArrowUp", 1), ("ArrowDown", row), ("ArrowRight", column)):
            for _ in range(times):
                stage.press(key)
        assert f"row {row + 1}, column {column + 1}:" in readout.inner_text()
        found.append(float(readout.get_attribute("data-value") or "nan"))
    return found


def type_kernel(page: Page, numbers: list[float]) -> torch.Tensor:
    cells = page.locator(".bench .cells input")
    for place, number in enumerate(numbers):
        cells.nth(place).fill(str(number))
    side = int(len(numbers) ** 0.5)
    return torch.tensor(numbers).reshape(1, 1, side, side)


def press(page: Page, group: str, name: str) -> None:
    page.get_by_role("group", name=group, exact=True).get_by_role("button", name=name, exact=True).click()


def test_S47_S50_S56_S57_the_bench_computes_what_torch_computes(visit: Callable[..., Page]) -> None:
    page = visit("/look_inside?view=Filter+bench")
    page.get_by_test_id("bench-map").wait_for()
    data = load_dataset(**ready_net().config.data.model_dump())
    x = data.test.batch((data.test.labels == SMILEY).nonzero()[0])[0]

    kernel = type_kernel(page, [0.3, -1, 0.25, 0, 2, -0.5, 1, -0.75, 0.1])
    press(page, "ReLU", "off")
    expected = functional.conv2d(x, kernel, padding=1)[0, 0]
    places = [(0, 0), (6, 9), (12, 14), (20, 11), (27, 0)]
    assert values(page, 0, places) == pytest.approx([float(expected[at]) for at in places], abs=1e-5)

    press(page, "kernel", "5×5")
    kernel = type_kernel(page, [round(0.1 * ((7 * i) % 11) - 0.5, 1) for i in range(25)])
    press(page, "stride", "2")
    press(page, "padding", "none")
    press(page, "ReLU", "on")
    press(page, "pooling 2×2", "side by side")
    expected = functional.conv2d(x, kernel, stride=2).relu()
    assert page.get_by_test_id("bench-map").count() == 3
    pooled = (expected, functional.max_pool2d(expected, 2), functional.avg_pool2d(expected, 2))
    for which, maps in enumerate(pooled):
        places = [(0, 0), (maps.shape[2] // 2, maps.shape[3] // 2), (maps.shape[2] - 1, maps.shape[3] - 1)]
        found = values(page, which, places)
        assert found == pytest.approx([float(maps[0, 0][at]) for at in places], abs=1e-5)


def test_S51_cells_are_painted_with_the_pointer_and_the_map_follows(visit: Callable[..., Page]) -> None:
    page = visit("/look_inside?view=Filter+bench")
    page.get_by_role("button", name="empty", exact=True).click()
    cells = page.locator(".bench .cells input")
    assert [cell.input_value() for cell in cells.all()] == ["0"] * 9
    first, third = (cells.nth(place).bounding_box() for place in (0, 2))
    assert first
    assert third
    page.mouse.move(first["x"] + 9, first["y"] + 9)
    page.mouse.down()
    page.mouse.move(third["x"] + 9, third["y"] + 9, steps=12)
    page.mouse.up()
    assert [cell.input_value() for cell in cells.all()] == ["1"] * 3 + ["0"] * 6
    legend = page.get_by_test_id("bench-map").locator(".high")
    assert float(legend.inner_text()) > 0
    page.get_by_role("button", name="both", exact=True).click()
    assert page.get_by_test_id("bench-map").count() == 3
    open_view(page, "What matters")
    page.get_by_test_id("attribution").wait_for()
    open_view(page, "Filter bench")
    until(lambda: page.get_by_test_id("bench-map").count() == 3, "the bench as it was left")


def accuracies(page: Page) -> str:
    row: Locator = page.locator('[data-testid="bar-row"][data-label="all classes"]')
    return row.get_attribute("data-values") or ""


def test_a_muted_filter_costs_accuracy_and_undo_gives_it_back(visit: Callable[..., Page]) -> None:
    page = visit("/look_inside?view=Surgery")
    page.get_by_test_id("filter-switch").first.wait_for()
    until(lambda: accuracies(page) != "", "an accuracy")
    whole = accuracies(page)
    before, after = eval_pair(whole)
    assert before == after > 0.9
    for index in (2, 4, 6):
        switch = page.get_by_test_id("filter-switch").nth(index)
        seen = accuracies(page)
        switch.focus()
        switch.press("Enter")
        until(lambda switch=switch: switch.get_attribute("aria-pressed") == "true", "a muted filter")
        until(lambda seen=seen: accuracies(page) != seen, "another accuracy")
    assert eval_pair(accuracies(page))[1] < before - 0.05
    page.get_by_role("button", name="Reset").click()
    until(lambda: accuracies(page) == whole, "the accuracy of the whole net")
    page.get_by_role("button", name="Rank the filters of conv1").click()
    until(lambda: page.locator('[data-testid="bar-row"][data-label^="filter"]').count() == 8, "eight ranked filters")


def eval_pair(text: str) -> tuple[float, float]:
    before, after = text.strip("[]").split(",")
    return float(before), float(after)


def test_every_view_follows_a_net_while_it_trains(visit: Callable[..., Page]) -> None:
    page = visit("/train?data=doodles&epochs=200")
    train = Train(page)
    train.start()
    go_to(page, "Look inside")
    for title, place in (("What matters", "attribution"), ("Backwards", "bar-list")):
        open_view(page, title)
        view = page.get_by_test_id(place).first
        view.wait_for()
        first = view.get_attribute("data-step")
        until(lambda view=view, first=first: view.get_attribute("data-step") != first, f"newer numbers in {title}")
    open_view(page, "Surgery")
    page.get_by_test_id("filter-switch").first.wait_for()
    page.get_by_role("button", name="Newest weights").click()
    open_view(page, "Filter bench")
    page.get_by_test_id("bench-map").first.wait_for()
    go_to(page, "Train")
    train = Train(page)
    train.press("Stop")
    train.wait_for_state("stopped")
