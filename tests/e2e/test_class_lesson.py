"""A whole lesson, with a teacher, her projector and three students: from joining to taking home and clearing away."""

import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.classroom import Classroom, name_of, open_class, small_letters, tile, turn_to
from tests.e2e.screens import Train, address, until

pytestmark = pytest.mark.e2e

QUICK = "v=1&data=digits&net=f-d8&epochs=2&valid=0.1&lr=0.01"
# Far from its end when the class has stopped, looked and gone on, however slowly the browsers do.
LONG = "v=1&data=digits&net=f-d8&epochs=200&batch=1&valid=0.1&lr=0.001"
PROJECTED = ".gh-sentence p, .gh-answers :is(p, span, u, small), .gh-shown :is(b, span, p), .gh-who :is(b, li)"
ANSWERS = ("It learns: 80 % and more", "It learns: 80 % and more", "It only guesses")
LAPTOP = {"viewport": {"width": 1280, "height": 720}}
TABLET = {"viewport": {"width": 820, "height": 1180}, "has_touch": True}
LOOKS = {
    "light, laptops": LAPTOP | {"color_scheme": "light"},
    "dark, tablets": TABLET | {"color_scheme": "dark"},
    "light, tablets": TABLET | {"color_scheme": "light"},
    "dark, laptops": LAPTOP | {"color_scheme": "dark"},
}


@pytest.fixture(scope="module")
def classroom(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Classroom]:
    """A class that all lessons are given to: each after the one before was cleared away."""
    with open_class(tmp_path_factory.mktemp("lesson")) as opened:
        yield opened


@pytest.mark.parametrize(
    "look", [each if each == "light, laptops" else pytest.param(each, marks=pytest.mark.soak) for each in LOOKS]
)
def test_a_whole_lesson(classroom: Classroom, visit: Callable[..., Page], look: str, tmp_path: Path) -> None:
    theme = LOOKS[look]
    teacher = classroom.teacher(visit, color_scheme=theme["color_scheme"])
    projector = teacher.context.new_page()
    projector.goto(classroom.at("/classroom?screen=projector"))

    # Join.
    expect(projector.get_by_test_id("projector-code")).to_have_text(classroom.code)
    students = [classroom.join(visit, **theme) for _ in range(3)]
    names = [name_of(student) for student in students]
    expect(teacher.get_by_test_id("wall-tile")).to_have_count(3)
    for name in names:
        expect(projector.get_by_test_id("projector-who")).to_contain_text(name)

    # Send: what the teacher has set up is on every student's Train.
    set_up(teacher, classroom, QUICK)
    turn_to(teacher, "Send")
    teacher.get_by_role("button", name="Send to all").click()
    for student in students:
        until(lambda page=student: "net=f-d8" in address(page) and "epochs=2" in address(page), "what was sent")
        expect(student.locator(".class-bar .state")).to_have_text("Your teacher brought you here")

    # Predict: the answers fill bars, on the desk and on the projector, before anybody knows; and then a run decides.
    turn_to(teacher, "Ask")
    teacher.get_by_role("button", name="Ask: what will the set-up on my Train page do?").click()
    for student, answer in zip(students, ANSWERS, strict=True):
        student.get_by_test_id("class-question").get_by_role("button", name=answer).click()
    for student in students:
        expect(student.get_by_test_id("class-question")).to_contain_text("Answered.")
    for page in (teacher, projector):
        expect(page.get_by_test_id("class-answers").locator("u")).to_have_text(["2", "0", "1", "0"])
    assert small_letters(projector, PROJECTED) == []
    teacher.get_by_role("button", name="Let the run decide").click()
    expect(projector.locator(".gh-answers .right")).to_have_count(1)
    expect(teacher.locator(".gh-answers .right")).to_have_count(1)

    # Train, each with a start of her own; then everybody stops and looks, with one press, and goes on.
    set_up(teacher, classroom, LONG)
    turn_to(teacher, "Together")
    teacher.get_by_role("button", name="Send my set-up, each with a start of her own").click()
    trains = [Train(student) for student in students]
    for number, (student, train) in enumerate(zip(students, trains, strict=True), start=1):
        until(lambda page=student, n=number: f"seed={n}" in address(page) and "epochs=200" in address(page), "a start")
        until(lambda train=train: train.is_awake("Train"), "a set-up that can be trained")
        train.press("Train")
    for train in trains:
        train.wait_for_points(3)
    teacher.get_by_test_id("class-stop").click()
    for student in students:
        expect(student.get_by_test_id("class-veil")).to_contain_text("Everybody stop and look")
    expect(projector.get_by_test_id("projector-sentence")).to_have_text("Everybody stop and look")
    expect(teacher.get_by_test_id("class-bar")).to_contain_text("All runs of the class pause")
    for train in trains:
        train.wait_for_state("paused")
    stood = trains[0].settled_points()
    teacher.get_by_test_id("class-stop").click()
    for student in students:
        expect(student.get_by_test_id("class-veil")).to_be_hidden()
    trains[0].wait_for_points(stood)
    teacher.get_by_test_id("class-needs").click()  # to the wall
    for name in names:
        expect(tile(teacher, name)).to_contain_text(re.compile(r"\d\d\.\d\s%"))

    # Show: two runs side by side, nobody's name; a moment is kept.
    turn_to(teacher, "Show")
    for name in names[:2]:
        teacher.get_by_role("button", name=name, exact=True).click()
    expect(projector.get_by_test_id("projector-run")).to_have_count(2)
    shown = projector.get_by_test_id("projector-runs").inner_text()
    assert not [name for name in names if name in shown]
    assert small_letters(projector, PROJECTED) == []
    teacher.get_by_label("Words below it").fill("Two starts")
    teacher.get_by_label("Words below it").press("Enter")
    teacher.get_by_role("button", name="Keep this moment").click()
    teacher.get_by_role("button", name="Show again").wait_for()

    # Vote.
    for train in trains:
        train.press("Stop")
    for train in trains:
        train.wait_for_state("stopped")
    turn_to(teacher, "Together")
    teacher.get_by_role("button", name="Let 3 nets vote").click()
    expect(teacher.get_by_test_id("vote-helpers").locator("li")).to_have_count(4)  # with its head
    teacher.get_by_test_id("class-wishes").filter(has_text="Name there who helps most").get_by_role(
        "button", name="On the projector"
    ).click()
    expect(projector.get_by_test_id("class-vote")).to_contain_text("3 nets on")
    assert not [name for name in names if name in projector.get_by_test_id("class-vote").inner_text()]
    assert small_letters(projector, PROJECTED) == []

    # Take home: reports, curves, answers and the shelf, in one file.
    turn_to(teacher, "Take home")
    with teacher.expect_download() as coming:
        teacher.get_by_role("link", name="Take it home").click()
    home = tmp_path / "home.zip"
    coming.value.save_as(home)
    with zipfile.ZipFile(home) as taken:
        files = taken.namelist()
        assert "Two starts" in taken.read("shelf.json").decode()
        assert "learns,2" in taken.read("answers.csv").decode()
    assert len({file.split("/")[0] for file in files if file.endswith(".csv") and "/" in file}) == 3
    assert sum(file.endswith(".html") for file in files) == 3

    # Wipe: the class is forgotten, and everybody stands before the door again.
    teacher.get_by_role("button", name="Wipe the class").click()
    teacher.get_by_role("button", name="Really wipe it?").click()
    teacher.get_by_text("Students: 0, runs: 0").wait_for()
    for student in students:
        expect(student.get_by_test_id("class-bar")).to_have_count(0)
    students[0].goto(classroom.at("/classroom"))
    students[0].get_by_label("Code of the class").wait_for()
    turn_to(teacher, "Wall")
    expect(teacher.get_by_test_id("wall-tile")).to_have_count(0)


def set_up(teacher: Page, classroom: Classroom, parts: str) -> None:
    """Choose a set-up on Train, and go to the desk by the navigation, so that the session goes on."""
    teacher.goto(classroom.at(f"/train?{parts}"))
    Train(teacher)
    teacher.get_by_test_id("stTopNavLink").filter(has_text="Classroom").click()
    teacher.get_by_test_id("class-wall").wait_for()
