"""The Data page in a real browser: leaf, click, point, drag, and the numbers are those of the pictures."""

import json
import re
from collections.abc import Callable

import pytest
import torch
from playwright.sync_api import Locator, Page
from torch.nn.functional import one_hot

from lib.datasets import load_dataset
from lib.datasets.catalogue import info
from lib.datasets.sample_picture import colour_sample
from tests.e2e.screens import address, until

pytestmark = pytest.mark.e2e


def show(page: Page, view: str) -> None:
    page.get_by_test_id("stMain").get_by_role("radio", name=view, exact=True).click()


def readout(page: Page) -> dict[str, int]:
    found: dict[str, str] = page.get_by_test_id("pixel-readout").evaluate("node => ({...node.dataset})")
    return {name: int(found[name]) for name in ("value", "place", "row", "column", "plane")}


def point(page: Page, stage: Locator, row: int, column: int, side: int) -> None:
    box = stage.bounding_box()
    assert box
    page.mouse.move(box["x"] + (column + 0.5) * box["width"] / side, box["y"] + (row + 0.5) * box["height"] / side)


def test_S14_S16_a_clicked_picture_is_its_label_its_pixels_and_its_vector(visit: Callable[..., Page]) -> None:
    page = visit("/data?data=digits")
    grid = page.get_by_test_id("sample-grid")
    grid.wait_for()
    assert page.get_by_test_id("grid-line").count() == 10
    train = load_dataset("digits").train
    tile = page.locator('[data-testid="grid-tile"][data-label="7"]').nth(3)
    place = int(tile.get_attribute("data-place") or -1)
    assert int(train.labels[place]) == 7
    tile.click()
    until(lambda: page.get_by_test_id("picture-integer").inner_text() == "7", "the picture that was clicked")
    assert page.get_by_test_id("picture-one-hot").get_attribute("aria-label") == "0 0 0 0 0 0 0 1 0 0"
    assert "28 rows × 28 columns = a vector of 784 numbers" in page.get_by_test_id("vector-sum").inner_text()

    pixels = train.images[place, 0]
    stage = page.get_by_test_id("picture-numbers").locator("div.stage").first
    for row, column in ((0, 0), (13, 14), (20, 9), (27, 27)):
        point(page, stage, row, column, 28)
        seen = readout(page)
        assert (seen["row"], seen["column"], seen["place"]) == (row, column, 28 * row + column)
        assert seen["value"] == int(pixels[row, column])

    strip = page.get_by_test_id("vector-strip")
    strip.focus()
    strip.press("Home")
    for key in ("PageUp",) * 13 + ("ArrowRight",) * 14:  # a row of pixels at a time, then one by one
        strip.press(key)
    assert (readout(page)["row"], readout(page)["column"]) == (13, 14)
    assert strip.get_attribute("aria-valuenow") == str(13 * 28 + 14)
    box = strip.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] * (500.5 / 784), box["y"] + 10)
    assert abs(readout(page)["place"] - 500) <= 1
    assert readout(page)["value"] == int(pixels.flatten()[readout(page)["place"]])


def test_the_grid_is_walked_turned_and_filtered_by_keyboard(visit: Callable[..., Page]) -> None:
    page = visit("/data?data=digits")
    grid = page.get_by_test_id("sample-grid")
    tiles = page.get_by_test_id("grid-tile")
    tiles.first.wait_for()
    tiles.first.focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowRight"):
        page.keyboard.press(key)
    focused = "node => node.getRootNode().activeElement.dataset"
    chosen = grid.evaluate(focused)
    assert chosen["label"] == "2"
    page.keyboard.press("Enter")
    until(lambda: grid.get_attribute("data-chosen") == chosen["place"], "the chosen picture")
    page.keyboard.press("PageDown")
    until(lambda: grid.get_attribute("data-page") == "1", "the next page")
    page.keyboard.press("PageUp")
    until(lambda: grid.get_attribute("data-page") == "0", "the page before")
    page.get_by_role("button", name=re.compile(r"^5 5 \d+")).press("Enter")
    until(lambda: grid.get_attribute("data-filtered") == "5", "one class alone")
    assert {tile.get_attribute("data-label") for tile in tiles.all()} == {"5"}
    page.get_by_test_id("all-classes").click()
    until(lambda: grid.get_attribute("data-filtered") == "", "all classes again")


def codes(page: Page) -> tuple[str, str, list[int]]:
    name = page.get_by_test_id("code-name").evaluate("node => node.selectedOptions[0].textContent")
    bits = page.get_by_test_id("code-one-hot").get_by_role("radio").all_inner_texts()
    return name, page.get_by_test_id("code-integer").input_value(), [int(bit) for bit in bits]


def test_S9_cat_0_dog_1_other_2_and_back_to_the_name(visit: Callable[..., Page]) -> None:
    page = visit("/data?data-view=Labels")
    page.get_by_test_id("label-codes").wait_for()
    lines = page.get_by_test_id("code-line")
    found = [line.locator("td").all_inner_texts()[:3] for line in lines.all()]
    assert found == [["Cat", "0", "100"], ["Dog", "1", "010"], ["Other", "2", "001"]]
    for integer, name in enumerate(("Cat", "Dog", "Other")):
        page.get_by_test_id("code-integer").fill(str(integer))
        assert codes(page)[0] == name
    page.get_by_test_id("code-name").select_option("Dog")
    assert codes(page) == ("Dog", "1", [0, 1, 0])
    for nonsense in ("3", "-1", "1.5", ""):
        page.get_by_test_id("code-integer").fill(nonsense)
        assert "there are 0 to 2" in page.get_by_test_id("code-refusal").inner_text()
        assert codes(page)[2] == [0, 1, 0]


def test_S10_one_hot_both_ways_and_an_order_that_is_arbitrary_but_fixed(visit: Callable[..., Page]) -> None:
    page = visit("/data?data-view=Labels")
    bits = page.get_by_test_id("code-one-hot").get_by_role("radio")
    bits.first.wait_for()
    for integer in (2, 0, 1):
        bits.nth(integer).click()
        assert codes(page)[1:] == (str(integer), one_hot(torch.tensor(integer), 3).tolist())
    said = page.get_by_test_id("code-order")
    assert "arbitrary; only it must never change" in said.inner_text()
    page.get_by_role("button", name="Move Dog up").press("Enter")
    assert codes(page) == ("Dog", "0", [1, 0, 0])
    assert "Now 0 stands for Dog. A net that learned 0 as Cat would say Dog to every Cat" in said.inner_text()
    page.get_by_role("button", name="First order").click()
    assert codes(page) == ("Dog", "1", [0, 1, 0])
    page.get_by_role("button", name="Shuffle the order").click()
    assert "must stay" in said.inner_text()


def test_S15_a_colour_picture_is_three_planes(visit: Callable[..., Page]) -> None:
    page = visit("/data?data-view=Colour")
    show(page, "Drawn by Glasshouse")  # first stands a colour data set, where there is one
    page.get_by_text("A house in a meadow").wait_for()
    stages = page.get_by_test_id("picture-numbers").locator("div.stage")
    until(lambda: stages.count() == 4, "the picture and its three planes")
    picture = colour_sample(32)
    for plane in range(3):
        for row, column in ((4, 25), (12, 9), (30, 2)):
            point(page, stages.nth(1 + plane), row, column, 32)
            seen = readout(page)
            assert (seen["plane"], seen["row"], seen["column"]) == (plane, row, column)
            assert seen["value"] == int(picture[plane, row, column]) == int(picture.flatten()[seen["place"]])
    red, green, blue = picture[:, 30, 2].tolist()
    assert f"red {red}, green {green}, blue {blue}" in page.get_by_test_id("pixel-readout").inner_text()
    assert (
        "3 planes × 32 rows × 32 columns = a vector of 3,072 numbers" in page.get_by_test_id("vector-sum").inner_text()
    )


def test_S12_a_class_is_starved_with_a_handle_and_both_are_trained(visit: Callable[..., Page]) -> None:
    page = visit("/data?data=digits&data-view=Split+and+balance&net=f-d32&lr=0.01&epochs=4")
    line = page.locator('[data-testid="balance-line"][data-label="3"]')
    line.wait_for()
    before = int(line.get_attribute("data-count") or 0)
    slider = line.get_by_role("slider")
    slider.focus()
    slider.press("Home")
    until(lambda: "keep=3%3A0" in address(page) or "keep=3:0" in address(page), "the balance in the address")
    assert line.get_attribute("data-kept") == "0"
    assert f"{before:,} → 0" in line.inner_text().replace("\n", " ")
    assert (
        int(page.get_by_test_id("part-train").get_attribute("data-count") or 0)
        == info("digits").training_count(0.1) - before
    )
    page.get_by_role("button", name="Train both", exact=True).click()
    bars = page.get_by_test_id("bar-row")
    until(lambda: bars.count() == 10, "every class of both runs")
    everything, starved = json.loads(bars.nth(3).get_attribute("data-values") or "[]")
    assert everything > 0.5
    assert starved == 0.0
