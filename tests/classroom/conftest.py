"""A class of two with its teacher, whose runs train on `digits`."""

import pytest

from lib.classroom import Room, Teacher, guard, teacher_with
from lib.datasets.owned import ask_first
from lib.runs import Limits, Registry
from tests.classroom.people import ADA, BOB, TEACHER


@pytest.fixture
def registry(tmp_path, quick_digits):
    registry = Registry(tmp_path / "home", Limits(slice_seconds=0.02))
    yield registry
    registry.close()


@pytest.fixture
def room(tmp_path, registry):
    room = Room(tmp_path / "home")
    guard(registry, room)
    for owner in (ADA, BOB):
        room.join(owner, room.code, "a")
    yield room
    ask_first(None)


@pytest.fixture
def teacher(room, registry):
    teacher = teacher_with(room.claim(room.secret, "a", TEACHER), room, registry)
    assert isinstance(teacher, Teacher)
    return teacher
