"""Diagnose in a real browser: the matrix while a net trains, a cell's pictures, the map, and the doctor's advice."""

from collections.abc import Callable
from math import isnan
from pathlib import Path

import pytest
import torch
from playwright.sync_api import Locator, Page
from sklearn.metrics import precision_recall_fscore_support

from lib.datasets import load_dataset
from lib.models import build_model
from lib.runs.store import Store
from lib.training import evaluate, predict
from tests.e2e.screens import Train, address, go_to, settled_box, until

pytestmark = pytest.mark.e2e

SMALL = "/train?net=c4k3-m4-f-d12&data=digits&epochs=2"
UNSCALED = "/train?net=f-d32S&data=digits&epochs=3&scale=no"


def open_view(page: Page, title: str) -> None:
    page.get_by_test_id("stMain").get_by_role("radio", name=title, exact=True).click()


def finish(train: Train) -> None:
    train.press("Train")
    train.wait_for_state("finished")
    until(lambda: train.is_awake("Train"), "the page knows that it is over")


class Matrix:
    """The confusion matrix and the pictures beside it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.place = page.get_by_test_id("confusion")
        self.pictures = page.get_by_test_id("cell-pictures")
        self.place.wait_for()
        self.pictures.wait_for()

    def cell(self, truth: int, answer: int) -> Locator:
        return self.place.locator("tbody tr").nth(truth).locator("td.cell").nth(answer)

    @property
    def counts(self) -> list[list[int]]:
        return self.place.evaluate(
            "node => [...node.querySelectorAll('tbody tr')].map(row =>"
            " [...row.querySelectorAll('td.cell')].map(cell => Number(cell.textContent.replaceAll(',', ''))))"
        )

    @property
    def scores(self) -> list[list[str]]:
        return self.place.evaluate(
            "node => [...node.querySelectorAll('tbody tr')].map(row =>"
            " [...row.querySelectorAll('td.score')].map(cell => cell.textContent))"
        )

    @property
    def caption(self) -> str:
        return self.place.locator(".caption").inner_text()

    @property
    def title(self) -> str:
        return self.pictures.locator("h2").inner_text()

    @property
    def shown(self) -> list[tuple[int, float]]:
        """The places of the pictures, and how sure the net is."""
        return self.pictures.evaluate(
            "node => [...node.querySelectorAll('li')].map(item => [+item.dataset.place, +item.dataset.share])"
        )


def test_S17_the_matrix_follows_a_net_that_trains_and_keys_open_its_cells(visit: Callable[..., Page]) -> None:
    page = visit("/train?data=doodles&epochs=200")
    train = Train(page)
    train.start()
    go_to(page, "Diagnose")
    matrix = Matrix(page)
    assert matrix.title == "All mistakes"
    seen = matrix.caption
    until(lambda: matrix.caption != seen, "counts of newer weights")
    matrix.cell(0, 0).focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowRight", "ArrowDown", "ArrowRight", "ArrowRight", "Enter"):
        page.keyboard.press(key)
    until(lambda: matrix.title == "star, answered rightly", "the pictures of the chosen cell")
    seen = matrix.caption
    until(lambda: matrix.caption != seen, "newer counts, the same cell")
    assert matrix.title == "star, answered rightly"
    assert matrix.cell(3, 3).evaluate("cell => cell.getRootNode().activeElement === cell")  # keys go on from here
    page.keyboard.press("ArrowLeft")
    page.keyboard.press(" ")
    until(lambda: matrix.title == "star taken for triangle", "the cell beside it")

    open_view(page, "The doctor")
    page.get_by_text("so far").first.wait_for()
    go_to(page, "Train")
    train = Train(page)
    train.press("Stop")
    train.wait_for_state("stopped")


def test_S17_a_cell_shows_its_pictures_and_the_map_those_of_its_points(visit: Callable[..., Page], home: Path) -> None:
    page = visit(SMALL)
    train = Train(page)
    finish(train)
    model, test = trained(home, train.run_id)
    sure = predict(model, test.batch(slice(None))[0])
    answers = sure.argmax(1)
    go_to(page, "Diagnose")
    matrix = Matrix(page)
    result = evaluate(model, test)
    until(lambda: matrix.counts == result.confusion.tolist(), "the counts of the net's own answers")
    expected = [[written(score) for score in each] for each in scores_of(result.confusion)]
    assert matrix.scores == expected

    def surest(those: torch.Tensor) -> list[int]:
        places = those.nonzero().flatten().tolist()
        return sorted(places, key=lambda place: -float(sure[place].max()))[:24]

    assert [place for place, _ in matrix.shown] == surest(answers != test.labels)
    wrong = result.confusion.clone().fill_diagonal_(0)
    truth, answer = divmod(int(wrong.argmax()), 10)
    matrix.cell(truth, answer).click()
    until(lambda: matrix.title == f"{truth} taken for {answer}", "the clicked cell")
    places = surest((test.labels == truth) & (answers == answer))
    assert [place for place, _ in matrix.shown] == places
    assert [share for _, share in matrix.shown] == pytest.approx([float(sure[at, answer]) for at in places], abs=1e-5)
    first = matrix.pictures.get_by_role("img", name=f"test picture {places[0]:,}: {truth}")
    assert pixels(first) == test.images[places[0]].flatten().tolist()
    matrix.pictures.get_by_role("button", name="all mistakes").click()
    until(lambda: matrix.title == "All mistakes", "all mistakes again")

    open_view(page, "Map of pictures")
    place = choose_point(page, 7)
    seen = page.get_by_role("img", name=f"test picture {place:,}: {int(test.labels[place])}")
    seen.first.wait_for()
    assert pixels(seen.first) == test.images[place].flatten().tolist()
    page.get_by_role("radio", name="t-SNE", exact=True).click()
    page.get_by_role("heading", name="t-SNE").wait_for()
    page.get_by_test_id("projection-map").press("ArrowRight")
    until(lambda: chosen_point(page) not in ("", str(place)), "the next point, by keyboard")
    go = int(chosen_point(page))
    page.get_by_role("img", name=f"test picture {go:,}: {int(test.labels[go])}").first.wait_for()
    page.get_by_role("button", name="Open in Look inside").click()
    page.get_by_role("heading", name="Look inside").wait_for()
    page.get_by_text(f"test picture {go:,}: {int(test.labels[go])}").first.wait_for()


def trained(home: Path, run_id: str):
    """The net of a finished run as it lies on disk, and the test pictures."""
    store = Store(home)
    row, checkpoint = store.find(run_id), store.load_checkpoint(run_id)
    store.close()
    assert row
    assert checkpoint
    data = load_dataset(**row.config.data.model_dump())
    model = build_model(row.config.model, data.input_shape, len(data.classes))
    names = model.state_dict()
    model.load_state_dict({name: checkpoint.tensors[f"model.{name}"] for name in names})
    return model.eval(), data.test


def scores_of(counts: torch.Tensor) -> list[list[float | None]]:
    """Recall, precision and F1 of each class, by scikit-learn."""
    truth, answers = counts.nonzero().T.repeat_interleave(counts[counts > 0], dim=1)
    values = precision_recall_fscore_support(truth, answers, labels=range(len(counts)), zero_division=float("nan"))
    rows = zip(*(values[which] for which in (1, 0, 2)), strict=True)
    return [[None if isnan(value) else float(value) for value in row] for row in rows]


def written(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.1f}\u00a0%"


def pixels(image: Locator) -> list[int]:
    """The grey values that the browser shows, read from the picture itself."""
    return image.evaluate(
        "async image => { await image.decode(); const [w, h] = [image.naturalWidth, image.naturalHeight];"
        " const canvas = new OffscreenCanvas(w, h), pen = canvas.getContext('2d'); pen.drawImage(image, 0, 0);"
        " return [...pen.getImageData(0, 0, w, h).data].filter((_, i) => i % 4 === 0); }"
    )


def chosen_point(page: Page) -> str:
    return page.get_by_test_id("projection").get_attribute("data-chosen") or ""


def choose_point(page: Page, number: int) -> int:
    """Click on a point of the map that no other one covers; gives the place of its picture."""
    plot = page.get_by_test_id("projection-map")
    settled_box(plot)
    point = plot.locator("path.point").nth(number)
    box = settled_box(point)  # points travel to their new places
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    until(lambda: chosen_point(page) != "", "a chosen point")
    return int(chosen_point(page))


def test_the_doctors_advice_changes_the_set_up_with_one_click(visit: Callable[..., Page]) -> None:
    page = visit(UNSCALED)
    train = Train(page)
    finish(train)
    go_to(page, "Diagnose")
    open_view(page, "The doctor")
    page.get_by_text("The net gets pixels of up to 255 instead of 1").wait_for()
    chart = page.get_by_test_id("evidence").first
    marked = chart.locator("li.marked")
    marked.first.wait_for()
    assert float(marked.last.get_attribute("data-value") or 0) > 0
    page.get_by_role("button", name="Try this: pixels scaled to 0–1").first.click()
    page.get_by_role("heading", name="Train").wait_for()
    page.get_by_text("The doctor on “Unscaled pixels”: pixels scaled to 0–1.").wait_for()
    until(lambda: "scale=" not in address(page), "the set-up with scaled pixels")
    assert "net=f-d32S" in address(page)  # and nothing else has changed
    train = Train(page)
    finish(train)
    until(lambda: page.get_by_text("The doctor on").count() == 0, "advice that was followed is gone")
    go_to(page, "Diagnose")
    open_view(page, "The doctor")
    page.get_by_text("What was checked", exact=True).wait_for()
    until(lambda: page.get_by_text("The net gets pixels").count() == 0, "nothing about pixels any more")
