"""Take a finished run away, bring its recording back and replay it, open a set-up: in a real browser."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Download, Page

from lib.export.setup_json import setup_file
from lib.models import preset
from lib.nets.recording_file import parse_recording
from tests.e2e.screens import Train, address, until

pytestmark = pytest.mark.e2e

TINY = "/train?net=c4k3-m4-f-d12&data=digits&pictures=300&epochs=3"


def taken(page: Page, title: str, folder: Path) -> Path:
    """Download one of the files that the dialog offers."""
    with page.expect_download() as coming:
        page.get_by_role("dialog").get_by_role("button", name=title, exact=True).click()
    download: Download = coming.value
    path = folder / download.suggested_filename
    download.save_as(path)
    return path


def bring(page: Page, path: Path) -> None:
    page.get_by_role("button", name="Open or save").click()
    page.get_by_role("dialog").locator('input[type="file"]').set_input_files(path)


def test_a_run_is_taken_away_brought_back_and_replayed(visit: Callable[..., Page], tmp_path: Path) -> None:
    page = visit(TINY)
    train = Train(page)
    train.press("Train")
    train.wait_for_state("finished")
    until(lambda: train.is_awake("Train"), "the page knows that it is over")
    points, run_id = train.points, train.run_id
    page.get_by_role("button", name="Take it away").click()
    program = taken(page, "PyTorch program", tmp_path)
    assert program.suffix == ".py"
    compile(program.read_text(encoding="utf-8"), program.name, "exec")
    assert "optimizer.step()" in program.read_text(encoding="utf-8")
    report = taken(page, "Report", tmp_path)
    recording = taken(page, "Recording", tmp_path)
    kept = parse_recording(recording.name, recording.read_bytes())
    assert len(kept.points) == points
    until(lambda: "Recording" in page.locator(":focus").inner_text(), "the focus, that was lost while it was made")
    page.keyboard.press("Escape")
    page.get_by_role("dialog").wait_for(state="detached")

    paper = page.context.new_page()  # a file, opened offline
    paper.goto(report.as_uri())
    assert paper.locator("svg").count() == 2
    assert f"{kept.test.accuracy * 100:.1f} %" in paper.locator("dl").inner_text()
    assert paper.evaluate("[...document.images].every(image => image.naturalWidth > 0)")
    paper.close()

    bring(page, recording)
    until(lambda: "run=recorded-" in address(page), "the recording in view")
    assert train.run_id != run_id
    train = Train(page)
    until(lambda: "Recorded on" in page.get_by_test_id("note").inner_text(), "where it was recorded")
    until(lambda: train.points == points, "the whole curve")
    replay = page.get_by_test_id("replay")
    place = replay.get_by_role("slider")
    place.fill("0")
    until(lambda: train.points == 0, "the beginning")
    first = page.get_by_test_id("glimpse").first
    start = kept.moments[0].answers[0][1]
    until(lambda: f"{start * 100:.1f}" in first.inner_text(), "what the untrained net said")
    replay.get_by_role("button", name="1×", exact=True).click()
    replay.get_by_role("button", name="Go on with the replay").click()
    until(lambda: train.points > 0, "points that come again")
    until(lambda: train.points == points, "the end of the replay")
    place.focus()
    place.press("Home")
    until(lambda: train.points == 0, "the beginning, by keyboard")
    replay.get_by_role("button", name="all", exact=True).click()
    until(lambda: train.points == points, "everything at once")


def test_a_set_up_file_is_opened_and_a_broken_one_refused(visit: Callable[..., Page], tmp_path: Path) -> None:
    page = visit("/train?data=digits")
    Train(page)
    broken = tmp_path / "broken.json"
    broken.write_text(json.dumps({"format": "glasshouse-set-up", "version": 99}))
    bring(page, broken)
    page.get_by_text("broken.json has version 99; this Glasshouse reads 1 to 1.").wait_for()
    config = preset("lenet-5").model_copy(update={"data": preset("lenet-5").data.model_copy(update={"name": "digits"})})
    file = tmp_path / "mine.json"
    file.write_text(setup_file("mine", config), encoding="utf-8")
    page.get_by_role("dialog").locator('input[type="file"]').set_input_files(file)
    until(lambda: "net=c6k5T-a2-c16k5vT-a2-f-d120T-d84T" in address(page), "the set-up in the address")
    assert "v=1" in address(page)
    until(lambda: "61,706" in Train(page).totals, "LeNet-5")
