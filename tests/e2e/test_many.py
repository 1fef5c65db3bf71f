"""Many pictures and doubt in a real browser: bad files, the camera, the numbers of the command line, a shoe."""

import csv
import io
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from lib.nets.ready import ready_net
from lib.pictures.archive import MAX_ZIP_MB
from tests.datasets.zips import HOSTILE_SAYS, hostile, picture, zipped
from tests.e2e.conftest import CHROMIUM
from tests.e2e.screens import draw, until
from tests.e2e.served import ROOT

pytestmark = pytest.mark.e2e

MANY = "/classify?classify-view=Many+pictures"
SURENESS = "/classify?classify-view=How+sure%3F"
SQUARE = [(0.25, 0.25), (0.75, 0.25), (0.75, 0.75), (0.25, 0.75), (0.25, 0.25)]


def upload(page: Page, *paths: Path) -> None:
    chooser = page.locator("input[type=file]")
    chooser.wait_for(state="attached")
    chooser.set_input_files([str(path) for path in paths])


def wait_for_answers(page: Page, answered: int) -> None:
    summary = page.get_by_test_id("many-summary")
    until(
        lambda: summary.count() > 0 and summary.get_attribute("data-answered") == str(answered),
        f"{answered} answers",
    )
    page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()


def cell(page: Page, column: int, row: int) -> str:
    """What the table tells screen readers."""
    return page.locator(f"[data-testid=glide-cell-{column}-{row}]").text_content() or ""


def on_disk(home: Path) -> set[Path]:
    """What the server keeps, apart from its own books."""
    return {path for path in home.rglob("*") if not path.name.startswith("runs.sqlite")}


@pytest.fixture
def too_large(tmp_path: Path) -> Path:
    path = tmp_path / "large.zip"
    with path.open("wb") as file:
        file.truncate((MAX_ZIP_MB << 20) + 1)
    return path


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    bad = {
        "hostile.zip": hostile(),
        "text.png": b"no picture",
        "cut.jpg": picture(file="JPEG")[:300],
        "broken.zip": b"PK",
    }
    good = {"square.webp": picture(file="WEBP"), "circle.bmp": picture("circle", file="BMP")}
    good["two.zip"] = zipped({"a/triangle.png": picture("triangle"), "circle.gif": picture("circle", file="GIF")})
    for name, data in (bad | good).items():
        (tmp_path / name).write_bytes(data)
    return [tmp_path / name for name in (*bad, *good)]


def test_bad_files_are_named_and_the_rest_is_answered_as_on_the_command_line(
    visit: Callable[..., Page], files: list[Path], too_large: Path, home: Path
) -> None:
    page = visit(MANY)
    page.locator("input[type=file]").wait_for(state="attached")
    before = on_disk(home)
    upload(page, too_large, *files)
    wait_for_answers(page, 6)
    page.get_by_text(f"{MAX_ZIP_MB}.0MB or smaller").wait_for()  # never sent
    assert on_disk(home) == before
    refused = page.get_by_test_id("refused").all_inner_texts()
    expected = {f"hostile.zip/{name}": said for name, said in HOSTILE_SAYS.items()} | {
        "text.png": "This is not a picture that can be read here",
        "cut.jpg": "The picture file is damaged or cut off; try to save it again.",
        "broken.zip": "This is no zip file, or it is damaged; try to make it again.",
    }
    assert len(refused) == len(expected)
    for line, (name, said) in zip(refused, expected.items(), strict=True):
        assert line.startswith(f"{name} {said}")
    assert [cell(page, 1, row) for row in range(6)] == [
        "hostile.zip/first square.png",
        "hostile.zip/last circle.png",
        "square.webp",
        "circle.bmp",
        "two.zip/a/triangle.png",
        "two.zip/circle.gif",
    ]
    assert [cell(page, 2, row) for row in range(6)] == ["square", "circle", "square", "circle", "triangle", "circle"]

    with page.expect_download() as download:
        page.get_by_role("button", name="Download CSV").click()
    ours = list(csv.reader(io.StringIO(Path(download.value.path()).read_text(encoding="utf-8-sig"))))
    command = [sys.executable, "-m", "lib.cli", "classify", "ready", "--csv", *map(str, files)]
    environment = os.environ | {"GLASSHOUSE_HOME": str(home)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 1  # some were refused
    theirs = list(csv.reader(io.StringIO(done.stdout)))
    assert [row[1:] for row in theirs] == [row[1:] for row in ours]  # all but where the files lie, byte for byte
    assert len(ours) == 1 + 6 + len(expected)
    page.get_by_role("button", name="Clear", exact=True).click()
    page.get_by_text("A table with an answer for each picture appears here").wait_for()


# Presses Cancel as soon as the page says how far it is: a test's own press may come when all is done.
_CANCEL_AT_ONCE = """said => new MutationObserver((_, observer) => {
  const cancel = [...document.querySelectorAll("button")].find((button) => button.innerText.trim() === "Cancel");
  if (!cancel || !document.body.innerText.includes(said)) return;
  observer.disconnect();
  cancel.click();
}).observe(document.body, { childList: true, subtree: true, characterData: true })"""


def test_many_pictures_can_be_cancelled_and_gone_on_with(visit: Callable[..., Page], tmp_path: Path) -> None:
    path = tmp_path / "many.zip"
    path.write_bytes(zipped({f"{n}.png": picture("circle", 1_500 + n) for n in range(20)}))
    page = visit(MANY)
    page.evaluate(_CANCEL_AT_ONCE, "of 20 files")
    upload(page, path)
    page.get_by_role("button", name="Go on").wait_for()
    page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()  # nothing moves any more
    done = int(page.get_by_test_id("many-summary").get_attribute("data-answered") or 0)
    assert 0 <= done < 20
    page.get_by_role("button", name="Go on").click()
    wait_for_answers(page, 20)
    assert page.get_by_role("button", name="Go on").count() == 0


def test_a_photo_is_answered(visit: Callable[..., Page], browser: Browser) -> None:
    with browser.browser_type.launch(
        executable_path=CHROMIUM,
        args=["--no-sandbox", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"],
    ) as with_camera:
        page = visit(MANY, context=with_camera.new_context(viewport={"width": 1440, "height": 900}))
        page.get_by_text("Take photos", exact=True).click()
        page.locator("video").wait_for()
        until(lambda: page.locator("video").evaluate("video => video.videoWidth > 0 && !video.paused"), "a picture")
        shutter = page.get_by_role("button", name="Take Photo", exact=True)
        until(lambda: shutter.count() == 0 or not (shutter.click() or shutter.count()), "a photo")
        wait_for_answers(page, 1)
        assert cell(page, 1, 0) == "photo 1.jpg"


@pytest.fixture
def narrow(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 800, "height": 900})
    yield context
    context.close()


def test_without_a_camera_it_says_why(visit: Callable[..., Page], narrow: BrowserContext) -> None:
    page = visit(MANY, context=narrow)
    switch = page.get_by_text("Take photos", exact=True)
    for script, said in (
        ("() => {}", "No camera was found on this device"),  # as this machine is
        ("() => Object.defineProperty(navigator, 'mediaDevices', { value: undefined })", "lets no page use a camera"),
        ("() => Object.defineProperty(window, 'isSecureContext', { value: false })", "this one came over plain http"),
    ):
        page.evaluate(script)
        switch.click()
        page.get_by_test_id("stAlert").get_by_text(said).wait_for()
        assert page.get_by_test_id("stCameraInput").count() == 0
        switch.click()  # off, and on again: then it looks once more
        page.get_by_test_id("stAlert").wait_for(state="detached")


def test_S66_doubt_is_set_with_the_keyboard_and_holds_for_drawings_and_for_shoes(visit: Callable[..., Page]) -> None:
    page = visit(SURENESS)
    chart, slider = page.get_by_test_id("sureness"), page.get_by_test_id("threshold")
    slider.wait_for()
    assert float(chart.get_attribute("data-threshold") or 0) == 0.8
    _reads_out_its_bins(page)
    draw(page, SQUARE)
    verdict = page.get_by_test_id("verdict")
    until(lambda: verdict.count() > 0 and verdict.get_attribute("data-class") == "square", "a square")

    slider.focus()
    slider.press("Home")
    until(lambda: "Without a threshold" in page.get_by_test_id("coverage-says").inner_text(), "no threshold")
    slider.press("End")
    assert "Keeps" in page.get_by_test_id("coverage-says").inner_text()
    coverage = float(chart.get_attribute("data-coverage") or 0)
    assert 0 < coverage < 1
    page.get_by_text("by hand", exact=True).click()
    page.locator("[class*=st-key-sureness-by-hand] input").press("End")
    until(lambda: verdict.get_attribute("data-class") == "none of these", "doubt")
    until(lambda: "temperature 10.00" in page.get_by_test_id("reliability").inner_text(), "a second drawing")
    assert float(page.get_by_test_id("threshold").input_value()) == float(slider.get_attribute("max") or 0)

    page.get_by_text("as trained", exact=True).first.click()
    slider.press("Home")
    page.get_by_role("button", name="Show it").click()
    tiles = page.get_by_test_id("wall-tile")
    tiles.first.wait_for()
    classes = set(ready_net().dataset.classes)
    until(lambda: {tile.get_attribute("data-answer") for tile in tiles.all()} <= classes, "an answer to each")
    assert page.locator(".wall li.sure").count() > 0  # confident nonsense
    slider.press("End")
    until(lambda: page.locator(".wall li.refused").count() > 0, "some are turned away")
    page.get_by_text("answered with more than 90 % certainty").wait_for()


def _reads_out_its_bins(page: Page) -> None:
    diagram = page.get_by_test_id("reliability")
    readout = diagram.locator(".readout")
    diagram.locator(".plot").focus()
    page.keyboard.press("ArrowRight")
    until(lambda: "90–100" in readout.inner_text(), "the surest bin")
    page.keyboard.press("ArrowLeft")
    until(lambda: "90–100" not in readout.inner_text(), "the bin before")
    assert "answers," in readout.inner_text()
