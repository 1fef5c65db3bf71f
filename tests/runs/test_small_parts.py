"""Names, ids and the pace of a run."""

import re

import pytest

from lib.runs.names import name_for, new_id
from lib.runs.pace import Pace


def test_names_can_be_said_aloud_and_differ():
    names = [name_for(number) for number in range(1, 500)]
    assert names[:2] == ["fern-1", "moss-2"]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z]+-\d+", name) for name in names)


def test_ids_cannot_be_guessed_and_fit_an_address():
    ids = {new_id() for _ in range(1_000)}
    assert len(ids) == 1_000
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{12}", each) for each in ids)


def test_pace_counts_by_the_clock():
    pace = Pace()
    assert pace.seconds_left() is pace.pictures_per_second() is None
    pace.note(0.0, 0, now=100.0)
    assert pace.seconds_left() is None
    pace.note(0.1, 500, now=102.0)
    assert pace.pictures_per_second() == pytest.approx(250)
    assert pace.seconds_left() == pytest.approx(18.0)


def test_pace_forgets_what_is_long_ago():
    pace = Pace()
    for second in range(0, 100):  # slow at first, ten times as fast in the end
        pace.note(0.001 * second if second < 50 else 0.05 + 0.01 * (second - 50), 0, now=float(second))
    assert pace.seconds_left() == pytest.approx((1 - 0.54) / 0.01, rel=0.01)


def test_pace_is_unknown_after_a_pause_and_without_progress():
    pace = Pace()
    pace.note(0.5, 10, now=0.0)
    pace.note(0.5, 10, now=1.0)
    assert pace.seconds_left() is None
    pace.restart()
    assert pace.pictures_per_second() is None
