"""Each tool of the teacher's desk is one part of the page, which follows what happens in the class by itself."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData
from streamlit.testing.v1 import AppTest, local_script_runner

from lib.classroom import Room, close_room, open_room
from lib.home import key as keys
from lib.lessons import Choose, lessons
from lib.runs.time_needed import Estimate
from lib.ui.classroom import allowing, asking, bar, callers, desk, hearing, led, rehearsing, votes
from lib.ui.frame.page import PAGES
from lib.ui.net.background import Work
from lib.ui.serve.browser import cookie_name, signed

ADA, BOB, TEACHER = "A" * 22, "B" * 22, "T" * 22


@pytest.fixture
def cookies(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The cookies of the browser that AppTest is."""
    sent: dict[str, str] = {}
    monkeypatch.setattr("streamlit.runtime.context.ContextProxy.cookies", property(lambda _: sent))
    return sent


@pytest.fixture
def room(cookies: dict[str, str]) -> Iterator[Room]:
    """A class, and its teacher's browser."""
    keys._key_of.cache_clear()
    opened = open_room()
    cookies[cookie_name()] = signed(TEACHER)
    cookies[callers.teacher_cookie()] = opened.claim(opened.secret, "a", TEACHER)
    yield opened
    close_room()
    keys._key_of.cache_clear()


def page(**query: str) -> AppTest:
    at = AppTest.from_file(str(PAGES / "classroom.py"), default_timeout=60)
    for name, value in query.items():
        at.query_params[name] = value
    at.run()
    assert not at.exception
    return at


def look_again(at: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the browser asks for by itself: the parts of the page alone, unless one has the whole page run again."""
    assert at._fragment_storage._fragments, "nothing looks again"  # type: ignore[attr-defined]
    parts = list(at._fragment_storage._fragments)  # type: ignore[attr-defined]
    with monkeypatch.context() as patch:
        patch.setattr(local_script_runner, "RerunData", partial(RerunData, fragment_id_queue=parts))
        at.run()
    assert not at.exception


def said(at: AppTest) -> str:
    """All that it says, also on buttons that wish something."""
    words = [each.value for each in [*at.markdown, *at.caption, *at.html, *at.warning]]
    options = [option for each in at.button_group for option in each.options]
    fields = [each.label for each in [*at.selectbox, *at.number_input, *at.text_input]]
    return "\n".join(map(str, [*words, *options, *fields, *_wishes(at)]))


def _wishes(at: AppTest) -> list[str]:
    found: list[Any] = list(at.get("bidi_component"))
    return [str(each.proto).replace("\\", "") for each in found]


def _joins(room: Room, _patch: pytest.MonkeyPatch) -> None:
    room.join(ADA, room.code, "a")
    room.rename(ADA, "Newcomer")


def _answers_a_lesson(_room: Room, patch: pytest.MonkeyPatch) -> None:
    name, step = next(
        (name, step)
        for name, lesson in lessons()[0].items()
        for step in lesson.steps
        if isinstance(step.predict, Choose)
    )
    assert isinstance(step.predict, Choose)
    counts = [41, *[0] * (len(step.predict.choices) - 1)]
    patch.setattr(asking, "lesson_counts", lambda _students: {name: {step.id: counts}})


def _is_measured(_room: Room, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(allowing, "estimates", lambda *_, **__: [Estimate(40.0, 10.0, 100, 1.0, 1, 1)])


def _rehearses(_room: Room, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(rehearsing, "_latest", [_under_way()])


def _votes(_room: Room, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(votes, "_latest", [_under_way()])


def _opens_the_board(room: Room, _patch: pytest.MonkeyPatch) -> None:
    room.leaderboard.begin("digits", "parameters", 5_000)


def _shows_it(room: Room, _patch: pytest.MonkeyPatch) -> None:
    room.leaderboard.begin("digits", "parameters", 5_000)
    room.showing.turn_to("leaderboard")


def _under_way() -> Work[Any]:
    def endless() -> Iterator[float]:
        yield 0.5

    return Work(endless(), 0.02)  # type: ignore[arg-type]


# What happens, with the tool that is open: what is read there before, and what instead, without a press.
HAPPENS: dict[str, tuple[Callable[[Room, pytest.MonkeyPatch], None], str, str, str]] = {
    "somebody joins, Send": (_joins, "send", "", "Newcomer"),
    "somebody joins, Take home": (_joins, "home", "Students: 0", "Students: 1"),
    "a lesson is answered": (_answers_a_lesson, "ask", "", "**41**"),
    "the speed is measured": (_is_measured, "allow", "Measuring how fast", "it takes 20 min"),
    "a rehearsal begins": (_rehearses, "ready", "Rehearse with 30", "The simulated students attend"),
    "a vote begins": (_votes, "together", "Two students need a finished net", "The nets answer"),
    "the leaderboard opens": (_opens_the_board, "together", '"open_leaderboard"', "Take no more runs"),
    "it stands on the projector": (_shows_it, "show", "", '"leaderboard"}, "look": "plain", "pressed": true'),
}


@pytest.mark.parametrize("case", HAPPENS)
def test_a_tool_follows_what_happens(room: Room, monkeypatch: pytest.MonkeyPatch, case: str) -> None:
    happens, tool, before, after = HAPPENS[case]
    monkeypatch.setattr(allowing, "estimates", lambda *_, **__: None)
    at = page(screen=tool)
    assert before in said(at)
    assert after not in said(at)
    happens(room, monkeypatch)
    look_again(at, monkeypatch)
    assert after in said(at)
    assert not before or before not in said(at)
    assert not at.title, "the whole page ran again: what is being typed elsewhere on it may be lost"


def test_a_student_s_page_hears_that_the_class_does_something_together(room: Room, cookies: dict[str, str]) -> None:
    room.join(ADA, room.code, "a")

    def heard() -> str:
        news = hearing.for_student(room, ADA, 1)
        assert news is not None
        return str(news["rules"])

    known = [heard()]
    for happens in (
        lambda: room.gathering.begin("digits"),
        lambda: room.leaderboard.begin("digits", "parameters", 5_000),
        room.gathering.end,
        room.leaderboard.end,
    ):
        happens()
        assert heard() != known[-1]
        known.append(heard())
    assert known[0] == known[-1]


def test_everybody_stops_with_one_press_from_every_tool(room: Room) -> None:
    for tool in desk.TOOLS:
        foot = next((each for each in _wishes(page(screen=tool)) if 'glasshouse_class_bar"' in each), "")
        assert '"who": "teacher"' in foot, tool
    for screen in ("wall", "projector"):  # there is a larger one there; and nothing of the teacher's here
        assert not any('glasshouse_class_bar"' in each for each in _wishes(page(screen=screen)))


def test_the_bar_leads_to_the_wall_whatever_tool_was_open(
    room: Room, monkeypatch: pytest.MonkeyPatch, cookies: dict[str, str]
) -> None:
    went: list[str] = []
    monkeypatch.setattr(led, "go_to", went.append)

    def somewhere() -> None:
        import streamlit as st

        from lib.ui.classroom import bar

        if "link" in st.query_params:
            bar.to_wall()
        bar.show(st.query_params["at"])

    at = AppTest.from_function(somewhere, default_timeout=60)
    at.query_params["at"] = "Train"
    at.run()
    assert not went
    at.query_params["link"] = "pressed"
    at.run()
    assert went == ["classroom"]
    assert at.session_state[bar.SCREEN] == "wall"
    at.query_params["at"] = "Classroom"  # there already: the tool alone is another one
    at.run()
    assert went == ["classroom"]
    assert not at.exception
