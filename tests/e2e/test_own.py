"""Your own classes in a real browser: uploaded and drawn pictures become a data set, and a net tells them apart."""

from collections.abc import Callable
from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Page

from tests.e2e.screens import Train, address, draw, until

pytestmark = pytest.mark.e2e

OWN = "data-view=Your+own+classes"


def photos(colour: tuple[int, int, int], count: int) -> list[FilePayload]:
    """Noise around a colour, as files."""
    files: list[FilePayload] = []
    for seed in range(count):
        pixels = np.clip(np.random.default_rng(seed).normal(colour, 40, (60, 80, 3)), 0, 255).astype(np.uint8)
        buffer = BytesIO()
        Image.fromarray(pixels).save(buffer, "PNG")
        files.append({"name": f"{seed}.png", "mimeType": "image/png", "buffer": buffer.getvalue()})
    return files


class Own:
    """The view."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.bringing = page.locator(".st-key-own-bring")
        self.bringing.wait_for()

    def name(self, place: int, name: str) -> None:
        field = self.page.get_by_label(f"Name of class {place}", exact=True)
        field.fill(name)
        field.press("Enter")
        self.bringing.get_by_role("radio", name=name, exact=True).wait_for()

    def choose(self, name: str) -> None:
        self.bringing.get_by_role("radio", name=name, exact=True).click()
        self.bringing.get_by_text(f"Pictures for {name}, or a zip of them").wait_for()

    def counts(self) -> list[int]:
        rows = self.page.get_by_test_id("own-class")
        return [int(count) for count in rows.evaluate_all("rows => rows.map(row => row.dataset.count)")]

    def upload(self, files: list[FilePayload]) -> None:
        self.bringing.locator('input[type="file"]').set_input_files(files)


def test_S67_own_photos_become_classes_that_a_net_tells_apart(visit: Callable[..., Page]) -> None:
    page = visit(f"/data?data=digits&net=f-d16&{OWN}")
    own = Own(page)
    keep = page.get_by_role("button", name="Keep and use for training")
    assert keep.is_disabled()
    own.name(0, "tomato")
    own.name(1, "plum")
    own.choose("tomato")
    own.upload([*photos((210, 60, 50), 10), {"name": "no.png", "mimeType": "image/png", "buffer": b"no picture"}])
    until(lambda: own.counts() == [10, 0], "ten pictures of the first class")
    assert "no.png" in page.get_by_test_id("own-refused").inner_text()
    own.choose("plum")
    own.upload(photos((70, 50, 160), 10))
    until(lambda: own.counts() == [10, 10], "ten pictures of the second")
    keep.click()
    page.locator(".st-key-own-kept").get_by_text("tomato, plum").wait_for()
    until(lambda: "data=own-" in address(page), "the set in the address")
    page.locator(".st-key-own-kept").get_by_text("Train on it").click()
    train = Train(page)
    train.press("Train")
    train.wait_for_state("finished")
    accuracy = page.get_by_test_id("run-monitor").get_by_text("100.0 %").first
    accuracy.wait_for()


def test_S67_own_drawings_are_laid_out_like_others(visit: Callable[..., Page]) -> None:
    page = visit(f"/data?data=digits&{OWN}")
    own = Own(page)
    page.get_by_role("radio", name="drawings", exact=True).click()
    take = page.locator(".st-key-own-take-drawing button")
    take.wait_for()
    for count in (1, 2):
        until(take.is_disabled, "an empty sheet")
        draw(page, [(0.3, 0.3), (0.7, 0.7)], [(0.7, 0.3), (0.3, 0.4 + 0.2 * count)])  # the very same is a double
        until(take.is_enabled, "the drawing on the server")
        take.click()
        until(lambda count=count: own.counts() == [count, 0], f"{count} drawings")  # type: ignore[misc]
    strip = page.get_by_alt_text("The newest pictures of class 1, 2 in all")
    assert strip.evaluate("image => [image.naturalWidth, image.naturalHeight]") == [56, 28]
