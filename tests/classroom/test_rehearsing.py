"""A rehearsal: who comes in by the side door, what is measured, and that nothing of it stays however it ends."""

import os
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from lib.classroom import Refused, Room
from lib.classroom.record import Student
from lib.classroom.rehearsing import Rehearsed, forget_rehearsed, held_mb, rehearse
from lib.lessons.progress import read_notebook
from tests.classroom.people import ADA, TEACHER, config, until

CAME = ("R" * 22, "S" * 22, "U" * 22)
FOUND = '{"joined": 7.5, "gap_p95": 1.25, "page_p95": 2.5}'


def saying(*lines, seconds=0.0, code=0):
    """A simulation that writes these lines, lives for so long and ends with this code."""
    said = "; ".join(f"print({line!r}, flush=True)" for line in lines)
    return [sys.executable, "-c", f"import sys, time; {said or 'pass'}; time.sleep({seconds}); sys.exit({code})"]


@pytest.fixture
def attending(room, registry):
    """Makes a command whose students come in and train while the simulation begins."""

    def make(command):
        def begin(code):
            for number, owner in enumerate(CAME):
                room.join(owner, code, "127.0.0.1")
                registry.start(config(learning_rate=0.01 + number / 1_000), owner)
            return command

        return begin

    return make


def result_of(parts):
    shares = []
    while True:
        try:
            shares.append(next(parts))
        except StopIteration as stop:
            return stop.value, shares


def is_clean(room, registry):
    return not [each for each in room.students if each.rehearses] and not [
        run for owner in CAME for run in registry.newest_of(owner)
    ]


def test_they_come_by_a_door_of_their_own_are_measured_and_leave_nothing(room, registry, teacher, attending):
    before, runs = room.students, len(registry.newest())
    room.set_door("closed")
    teacher.allow("deleting", False)
    codes = []

    def command(code):
        codes.append(code)
        return attending(saying('{"share": 0.25}', '{"share": 0.5}', FOUND, seconds=0.3))(code)

    found, shares = result_of(teacher.rehearse(command, 3))
    assert found == Rehearsed(3, 7.5, 1.25, 2.5, found.memory_mb)
    assert found.memory_mb is None or 20 < found.memory_mb < 20_000
    assert [found.good(what) for what in ("joined", "gap", "page")] == [True, True, False]
    assert shares == sorted(shares)
    assert shares[-1] == 0.5
    assert is_clean(room, registry)
    assert room.students == before
    assert len(registry.newest()) == runs
    assert not any(owner in room._present for owner in CAME)
    with pytest.raises(Refused, match="wrong_code"):  # the side door is shut again
        room.join(CAME[0], codes[0], "127.0.0.1")


def test_no_more_come_in_than_rehearse_and_they_are_no_tries(room, registry):
    def command(code):
        for number in range(4):
            room.join(f"rehearses-{number}", code, "127.0.0.1")
        with pytest.raises(Refused, match="wrong_code"):
            room.join("one-too-many", code, "127.0.0.1")
        return saying(FOUND)

    result_of(rehearse(room, registry, command, 4))
    assert [each.rehearses for each in room.students] == [False, False]


def test_a_rehearsal_that_is_cancelled_ends_its_process_and_leaves_nothing(room, registry, attending):
    parts = rehearse(room, registry, attending(saying('{"share": 0.1}', seconds=600)), 3)
    until(lambda: next(parts) == 0.1)
    (child,) = (pid for pid in _children() if "time.sleep(600)" in _command_of(pid))
    assert len([each for each in room.students if each.rehearses]) == 3
    parts.close()
    assert child not in _children()
    assert is_clean(room, registry)


@pytest.mark.parametrize(
    "command", [saying('{"error": "no"}', code=1), saying(code=3), saying("nonsense"), ["/nowhere"]]
)
def test_a_simulation_that_breaks_off_is_said_and_leaves_nothing(room, registry, attending, command):
    with pytest.raises((Refused, OSError)):
        result_of(rehearse(room, registry, attending(command), 3))
    assert is_clean(room, registry)


def test_why_a_simulation_broke_off_stands_in_the_log(room, registry, caplog):
    with pytest.raises(Refused):
        result_of(rehearse(room, registry, lambda _code: saying('{"error": "TimeoutError: too slow"}'), 3))
    assert "TimeoutError: too slow" in caplog.text


def test_nobody_rehearses_while_the_class_trains_or_stands_still(room, registry, teacher):
    run = registry.start(config(), ADA)
    with pytest.raises(Refused, match="rehearse_later"):
        next(rehearse(room, registry, lambda _: saying(FOUND), 3))
    run.stop(ADA)
    assert run.wait(30)
    registry.start(config(), TEACHER)  # her own run is no class
    teacher.stop_and_look()
    with pytest.raises(Refused, match="rehearse_later"):
        next(rehearse(room, registry, lambda _: saying(FOUND), 3))
    teacher.go_on()
    assert result_of(rehearse(room, registry, lambda _: saying(FOUND), 3))[0].joined == 7.5


def test_who_was_left_by_a_process_that_was_killed_is_forgotten_when_the_class_opens(registry, room, tmp_path):
    code = room.side_door.open(1)
    room.join(CAME[0], code, "127.0.0.1")
    run = registry.start(config(epochs=1, batch_size=50), CAME[0])
    assert run.wait(30)
    again = Room(tmp_path / "home")
    assert [each.rehearses for each in again.students] == [False, False, True]
    forget_rehearsed(again, registry)
    assert [each.owner for each in Room(tmp_path / "home").students] == [each.owner for each in room.students[:2]]
    assert registry.find(run.id) is None
    assert read_notebook(CAME[0]) == {}
    assert Student(owner=ADA, name="Ada").rehearses is False


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="the system does not tell")
def test_memory_counts_those_that_a_process_started_but_for_one():
    alone = held_mb(os.getpid(), without=0)
    holding = "held = bytearray(b'x' * 80_000_000); import time; time.sleep(600)"
    with subprocess.Popen([sys.executable, "-c", holding]) as child:
        try:
            until(lambda: held_mb(os.getpid(), without=0) > alone + 75)
            time.sleep(0.05)
            assert held_mb(os.getpid(), without=child.pid) < alone + 40
        finally:
            child.kill()
    assert held_mb(10**9, without=0) is None


def _children():
    """Processes that this one started, and that have not ended."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            if stat.read_text().rpartition(")")[2].split()[1] == str(os.getpid()):
                found.append(int(stat.parent.name))
    return found


def _command_of(pid):
    return Path(f"/proc/{pid}/cmdline").read_text()
