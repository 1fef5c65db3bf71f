"""No red box: what fails on purpose in a page, a part, a dialog or a press is one sentence with a number."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page

from tests.e2e.screens import address, draw, until
from tests.e2e.served import ROOT, Served, complaints_in, serve

pytestmark = pytest.mark.e2e

FAULTS = Path(__file__).with_name("faults")


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server in which `?break=` of the address breaks a part of the page."""
    home = tmp_path_factory.mktemp("faulty") / "home"
    settings = {"PYTHONPATH": f"{FAULTS}:{ROOT}", "FAULTS_MENDED": str(home.with_name("mended"))}
    with serve(home, settings=settings, forgive=["on purpose"]) as server:
        yield server


@pytest.fixture
def mend(faulty: Served) -> Iterator[Callable[[], None]]:
    """Mend what is broken, until the test has ended."""
    mended = faulty.home.with_name("mended")
    yield mended.touch
    mended.unlink()


@pytest.fixture
def broken(visit: Callable[..., Page], faulty: Served) -> Callable[[str], Page]:
    """Open an address of the server that breaks."""
    return lambda path: visit(faulty.address + path)


def notice(page: Page | Locator) -> Locator:
    return page.locator('[class*="st-key-fault-"]').filter(has_text="number").first


def assert_it_is_in_the_log(page: Page, faulty: Served) -> str:
    """The number on the page stands in the log, once a minute, before the traceback."""
    notice(page).wait_for()
    number = re.search(r"number ([A-Z2-9]{4})", notice(page).inner_text())
    assert number
    said = [each for each in complaints_in(faulty.log) if f"Fault {number[1]}" in each]
    assert said
    # An earlier test may have met the same fault. Streamlit's lines have a time, ours have none.
    times = [datetime.fromisoformat(each[:23]) for each in said if each[:2] == "20"]
    assert len(said) == max(1, len(times))
    assert all(later - earlier >= timedelta(seconds=59) for earlier, later in pairwise(times))
    assert "on purpose" in said[0]
    assert page.get_by_test_id("stException").count() == 0
    return number[1]


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).first.click()


@pytest.mark.parametrize(("word", "path"), [("view", "/look_inside"), ("page", "/data"), ("page", "/")])
def test_a_page_that_fails_says_so_and_the_others_work(
    broken: Callable[[str], Page], faulty: Served, word: str, path: str
) -> None:
    page = broken(f"{path}?break={word}")
    assert_it_is_in_the_log(page, faulty)
    assert "This page could not be shown to its end." in notice(page).inner_text()
    press(page, "Try again")
    notice(page).wait_for()
    press(page, "Go to Start")
    page.get_by_role("heading", name="See a neural network learn").wait_for()
    assert notice(page).count() == 0
    until(lambda: "break" not in address(page), "the address of Start")


def test_try_again_shows_the_page_when_the_fault_has_gone(
    broken: Callable[[str], Page], faulty: Served, mend: Callable[[], None]
) -> None:
    page = broken("/look_inside?break=view")
    assert_it_is_in_the_log(page, faulty)
    mend()
    press(page, "Try again")
    page.get_by_test_id("feature-maps").first.wait_for()
    assert notice(page).count() == 0


def test_a_broken_lesson_leaves_the_page(broken: Callable[[str], Page], faulty: Served) -> None:
    page = broken("/data?break=lesson")
    assert_it_is_in_the_log(page, faulty)
    page.get_by_role("heading", name="Data", exact=True).wait_for()


def test_a_part_that_fails_alone_leaves_the_rest(
    broken: Callable[[str], Page], faulty: Served, mend: Callable[[], None]
) -> None:
    page = broken("/?break=part")
    page.get_by_test_id("feature-maps").first.wait_for()
    draw(page, [(0.3, 0.3), (0.7, 0.7)])
    assert_it_is_in_the_log(page, faulty)
    assert "This part of the page could not be shown." in notice(page).inner_text()
    assert page.get_by_role("heading", name="See a neural network learn").count() == 1
    mend()
    press(page, "Try again")
    page.get_by_test_id("feature-maps").first.wait_for()
    until(lambda: notice(page).count() == 0, "the part again")


def test_a_dialog_that_fails_can_be_closed(broken: Callable[[str], Page], faulty: Served) -> None:
    page = broken("/train?break=dialog")
    press(page, "Open or save")
    assert_it_is_in_the_log(page, faulty)
    assert notice(page.get_by_role("dialog")).count() == 1
    page.get_by_role("dialog").get_by_role("button", name="Close", exact=True).first.click()
    until(lambda: page.get_by_role("dialog").count() == 0, "the dialog closed")
    until(lambda: notice(page).count() == 0, "the page without it")


@pytest.mark.parametrize(
    ("path", "button"), [("/train?break=press", "Open or save"), ("/look_inside?break=press-in-part", "Another")]
)
def test_a_press_that_fails_leaves_the_page_as_it_was(
    broken: Callable[[str], Page], faulty: Served, path: str, button: str
) -> None:
    page = broken(path)
    press(page, button)
    assert_it_is_in_the_log(page, faulty)
    assert "What you asked for last could not be done." in notice(page).inner_text()
    page.get_by_role("button", name=button, exact=True).first.wait_for()
    page.get_by_role("button", name="Close", exact=True).first.click()
    until(lambda: notice(page).count() == 0, "the notice closed")
