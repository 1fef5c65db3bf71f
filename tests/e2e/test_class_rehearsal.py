"""A rehearsal from the teacher's page, in a browser: simulated students come, are measured, and leave nothing."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.classroom import Classroom, open_class, turn_to
from tests.e2e.screens import Train, until

pytestmark = pytest.mark.e2e

SET_UP = "v=1&data=digits&net=f-d8&epochs=2&valid=0.1&lr=0.01"


@pytest.fixture(scope="module")
def classroom(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Classroom]:
    """A class that nobody has come to yet."""
    with open_class(tmp_path_factory.mktemp("rehearsal")) as opened:
        yield opened


def begin(classroom: Classroom, visit: Callable[..., Page], students: int) -> Page:
    """Choose a set-up and so many students, and let them come; the teacher's page."""
    teacher = classroom.teacher(visit)
    teacher.goto(classroom.at(f"/train?{SET_UP}"))
    Train(teacher)
    teacher.get_by_test_id("stTopNavLink").filter(has_text="Classroom").click()
    turn_to(teacher, "Ready?")
    field = teacher.get_by_label("Students", exact=True)
    field.fill(str(students))
    field.press("Enter")
    teacher.get_by_role("button", name=f"Rehearse with {students}").click()
    teacher.get_by_text("The simulated students attend").wait_for()
    expect(field).to_have_count(0)
    return teacher


def nothing_stays(classroom: Classroom, teacher: Page) -> None:
    """Neither somebody, nor a run, nor a file of one."""
    turn_to(teacher, "Take home")
    expect(teacher.get_by_text("Students: 0, runs: 0")).to_be_visible()
    until(lambda: not list(classroom.served.home.glob("runs/*")), "no run in the home")
    turn_to(teacher, "Wall")
    expect(teacher.get_by_test_id("wall-tile")).to_have_count(0)


def test_a_rehearsal_can_be_cancelled(classroom: Classroom, visit: Callable[..., Page]) -> None:
    teacher = begin(classroom, visit, 2)
    teacher.get_by_role("button", name="Cancel").click()
    teacher.get_by_text("Cancelled.").wait_for()
    teacher.get_by_role("button", name="Rehearse with 2").wait_for()
    nothing_stays(classroom, teacher)


@pytest.mark.soak  # half a minute is measured
def test_a_rehearsal_says_what_the_machine_can_bear(classroom: Classroom, visit: Callable[..., Page]) -> None:
    teacher = begin(classroom, visit, 3)
    table = teacher.get_by_test_id("stMarkdown").filter(has=teacher.locator("table"))
    table.wait_for()
    expect(table.locator("tbody tr")).to_have_count(4)
    values = [each.inner_text() for each in table.locator("tbody tr td:nth-child(2)").all()]
    print(values)
    assert all(re.fullmatch(r"[\d,.]+ (s|MB)", each) for each in values), values
    teacher.get_by_role("button", name="Rehearse with 3").wait_for()
    nothing_stays(classroom, teacher)
