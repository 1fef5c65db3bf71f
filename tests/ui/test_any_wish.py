"""Whatever a teacher's or a student's page may be made to wish: it is done, refused or of the wrong shape."""

import typing
from collections.abc import Iterator
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from lib.classroom import Room, close_room, guard, open_room
from lib.home import key as keys
from lib.runs import get_registry
from lib.ui.classroom import wishes
from lib.ui.serve.browser import cookie_name, signed
from lib.ui.setup.link import NAMES
from tests.ui.test_classroom import ADA, BOB, ask, token

TABLETS = count()  # so many may join from one
TEXTS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["", "x" * 9_000, "../../etc/passwd", "\ud800", "\0", "<script>", "own-../x", "digits", "doodles", "mnist-5k"]
    ),
)
NUMBERS = st.one_of(st.integers(), st.floats(), st.sampled_from([-1, 0, 1, 9, 10**12, 2**63]))
ANYTHING = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)
LINKS = st.dictionaries(
    st.sampled_from([*sorted(NAMES), "lesson", "step", "run", "runs", "hide", "lang", "view", "", "x"]),
    st.one_of(TEXTS, st.sampled_from(["f-d16", "c8k3-m2-f", "doodles", "adam", "1e999", "-1", "NaN", "9" * 300])),
    max_size=6,
)
PAGES = st.sampled_from(["", "train", "data", "learn", "labs", "classroom", "look_inside", "compare", "../x", "router"])


def wishes_of(union: object) -> list[type[BaseModel]]:
    """Every shape that there is."""
    (shapes, *_) = typing.get_args(union)
    return list(typing.get_args(shapes))


@st.composite
def any_wish(draw: st.DrawFn, shapes: list[type[BaseModel]], keys_there: list[str]) -> object:
    """A wish of one shape: each field mostly what it might be, sometimes anything."""
    shape = draw(st.sampled_from(shapes))
    said: dict[str, object] = {}
    for name, field in shape.model_fields.items():
        names = typing.get_args(field.annotation)
        likely = {
            "wish": st.sampled_from(names),
            "key": st.sampled_from([*keys_there, "0" * 8]),
            "to": st.lists(st.sampled_from([*keys_there, "f" * 8]), max_size=3) | st.none(),
            "parts": LINKS,
            "page": PAGES,
            "on": st.booleans(),
            "up": st.booleans(),
            "options": st.lists(TEXTS, max_size=4),
            "right": st.integers(0, 9),
            "choice": st.integers(0, 9),
            "most": st.sampled_from([1, 100, 10_000_000]),
            "what": st.sampled_from(["uploads", "epochs", "lr", "net", "delete", "data", "__class__"]),
        }.get(name, st.sampled_from(names) if names and all(isinstance(each, str) for each in names) else TEXTS)
        said[name] = draw(likely if name == "wish" or draw(st.integers(0, 9)) else ANYTHING)
    return said


@pytest.fixture(scope="module", autouse=True)
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """A class with a teacher and a student, in a home of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GLASSHOUSE_HOME", str(tmp_path_factory.mktemp("class")))
        keys._key_of.cache_clear()
        opened = open_room()
        guard(get_registry(), opened)
        opened.join(ADA, opened.code, "a")
        yield opened
        close_room()
        keys._key_of.cache_clear()


@settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_whatever_a_teacher_s_page_wishes_is_done_or_refused(room: Room, data: st.DataObject) -> None:
    shown = ask("POST", "/api/classroom/teach", {"secret": room.secret}, {cookie_name(): signed(BOB)}).cookies
    mine = {cookie.key: cookie.value for cookie in shown.values()} | {cookie_name(): signed(BOB)}
    there = [student.key for student in room.students]
    said = data.draw(any_wish(wishes_of(wishes.TeacherWish), there))
    answer = ask("POST", "/api/classroom/teacher", said, mine, token(mine, teacher=True))
    assert answer.status in (204, 400, 403, 409), said
    if not room.is_in(ADA):  # wiped, removed or let out: she comes back, from another tablet
        room.forget_students()
        room.set_door("open")
        room.join(ADA, room.code, f"tablet {next(TABLETS)}")


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_whatever_a_student_s_page_wishes_is_done_or_refused(room: Room, data: st.DataObject) -> None:
    mine = {cookie_name(): signed(ADA)}
    said = data.draw(any_wish(wishes_of(wishes.StudentWish), [student.key for student in room.students]))
    answer = ask("POST", "/api/classroom/student", said, mine, token(mine, teacher=False))
    assert answer.status in (204, 400, 403, 409), said


@settings(max_examples=100, deadline=None)
@given(body=st.one_of(st.binary(max_size=60), ANYTHING))
@pytest.mark.parametrize("path", ["teach", "teacher", "student", "somebody_else"])
def test_whoever_sends_what_to_the_class_is_turned_away(path: str, body: object) -> None:
    assert ask("POST", f"/api/classroom/{path}", body, {cookie_name(): signed(BOB)}).status in (400, 403, 429)
