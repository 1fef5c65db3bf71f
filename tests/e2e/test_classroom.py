"""A lesson with a teacher and three students, each in a browser of their own: join, wall, stop and look, remove."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.classroom import Classroom, name_of, open_class, small_letters, tile, turn_to, wish
from tests.e2e.screens import Train, address, until

pytestmark = pytest.mark.e2e

# Small, and far from its end when the class has stopped and gone on, however slowly the browsers do.
SMALL = "data=doodles&net=f-d8&epochs=200&batch=1&valid=0.1&lr=0.001"


@pytest.fixture(scope="module")
def classroom(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Classroom]:
    """A server that was started for a class."""
    with open_class(tmp_path_factory.mktemp("class")) as opened:
        yield opened


def test_a_lesson(visit: Callable[..., Page], classroom: Classroom, tmp_path: Path) -> None:
    teacher = classroom.teacher(visit)
    looks = ({}, {"viewport": {"width": 820, "height": 1180}}, {"color_scheme": "dark"})
    students = [classroom.join(visit, **look) for look in looks]
    names = [name_of(student) for student in students]
    assert len(set(names)) == 3
    expect(teacher.get_by_test_id("wall-tile")).to_have_count(3)

    # Reload keeps her; another name is hers at once, everywhere.
    students[0].reload()
    expect(students[0].locator(".class-bar .name")).to_have_text(names[0])
    students[0].get_by_label("What you would like to be called", exact=True).fill("<i>Ada</i>")
    students[0].get_by_role("button", name="Use this name").click()
    names[0] = "i Ada i"
    expect(students[0].locator(".class-bar .name")).to_have_text(names[0])
    expect(tile(teacher, names[0])).to_have_count(1)

    # Two train, one asks for help: who needs the teacher comes first.
    trains = []
    for student in students[:2]:
        student.goto(classroom.at(f"/train?{SMALL}"))
        trains.append(Train(student))
        trains[-1].press("Train")
        trains[-1].wait_for_points(3)
    students[2].get_by_test_id("class-hand").click()
    expect(teacher.get_by_test_id("wall-tile").first).to_contain_text(f"{names[2]}")
    expect(tile(teacher, names[2])).to_contain_text("has a hand up")
    expect(tile(teacher, names[0])).to_contain_text(re.compile(r"\d\d\.\d\s%"))
    expect(tile(teacher, names[0])).to_contain_text("Train")
    wish(teacher, names[2], "Take hand down")
    expect(students[2].locator(".class-bar .state")).to_have_text("")

    # Everybody stops and looks: over every page, also where nothing trains, and the core holds the runs.
    teacher.get_by_test_id("wall-sentence").fill("Look at the board, please.")
    teacher.get_by_test_id("wall-stop").click()
    for student in students:
        expect(student.get_by_test_id("class-veil")).to_contain_text("Look at the board, please.")
    for train in trains:
        train.wait_for_state("paused")
    stood = trains[0].points
    teacher.get_by_test_id("wall-stop").click()
    for student in students:
        expect(student.get_by_test_id("class-veil")).to_be_hidden()
    trains[0].wait_for_points(stood)

    # One student's run is paused, and she cannot go on by herself; then it is freed.
    wish(teacher, names[0], "Pause")
    trains[0].wait_for_state("paused")
    until(lambda: trains[0].is_awake("Resume"), "the button of a paused run")
    trains[0].press("Resume")
    students[0].get_by_text("Your teacher paused this run").first.wait_for()
    assert trains[0].state == "paused"
    wish(teacher, names[0], "Let go on")
    trains[0].wait_for_state("running")

    # A run on the projector, and at once a moment of it on the shelf.
    turn_to(teacher, "Show")
    teacher.get_by_role("button", name=names[0], exact=True).click()
    teacher.get_by_label("Words below it").fill("Slowly")
    teacher.get_by_label("Words below it").press("Enter")
    teacher.get_by_role("button", name="Keep this moment").click()
    teacher.get_by_role("button", name="Show again").wait_for()
    teacher.get_by_role("button", name="Take all off").click()
    teacher.get_by_label("Words below it").wait_for(state="detached")
    turn_to(teacher, "Wall")

    # Whoever is removed is out at once, and stays out with the same cookie.
    wish(teacher, names[1], "Remove", "Really remove?")
    expect(teacher.get_by_test_id("wall-tile")).to_have_count(2)
    trains[1].wait_for_state("stopped")
    expect(students[1].get_by_test_id("class-bar")).to_have_count(0)
    students[1].goto(classroom.at("/classroom"))
    students[1].get_by_text("Your teacher took you out of the class").first.wait_for()

    # A shared tablet: somebody else sits down, outside until she has the code.
    students[2].get_by_role("button", name="I am somebody else").click()
    students[2].get_by_label("Code of the class").wait_for()
    expect(tile(teacher, names[2])).to_have_count(1)

    # The door, and the projector: at 1280×720 all of it is on the screen, and large.
    teacher.get_by_role("button", name="closed").click()
    late = visit(classroom.at("/classroom"))
    teacher.goto(classroom.at("/classroom?screen=projector"))
    teacher.get_by_test_id("projector-who").wait_for()
    late.get_by_label("Code of the class").fill(teacher.get_by_test_id("projector-code").inner_text())
    late.get_by_role("button", name="Join").click()
    late.get_by_text("The door is closed just now").wait_for()
    until(lambda: small_letters(teacher, ".gh-projector p, .gh-who b, .gh-who li") == [], "large letters alone")
    box = teacher.get_by_test_id("projector-who").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] < 720
    teacher.screenshot(path=tmp_path / "projector.png")


def test_alone_nothing_of_a_class_is_there(visit: Callable[..., Page]) -> None:
    page = visit("/classroom")
    page.get_by_text("make classroom").first.wait_for()
    assert page.get_by_test_id("class-bar").count() == 0
    page.goto(address(page).replace("classroom", "learn"))
    page.get_by_role("heading", name="Learn").wait_for()
    assert page.get_by_test_id("stTopNavLink").filter(has_text="Classroom").count() == 0
    assert page.get_by_test_id("class-bar").count() == 0
