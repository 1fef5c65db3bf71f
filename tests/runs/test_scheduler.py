"""Fair turns, counted, with runs that only note that they had one."""

import threading
from collections import Counter

import pytest

from lib.runs.scheduler import Scheduler

LONG = 30.0


class FakeRun:
    """Wants turns until `turns` are done; `record` is told of each."""

    def __init__(self, run_id, owner, record, turns=10**9):
        self.id, self.owner, self.record, self.left = run_id, owner, record, turns
        self.state = "running"
        self.paused = False
        self.unwatched = 0.0
        self.stops = 0
        self._taken = threading.Lock()

    @property
    def has_ended(self):
        return self.left <= 0

    def wants_turn(self, _lease_seconds):
        return self.record.open.is_set() and not self.has_ended

    def unwatched_seconds(self):
        return self.unwatched

    def take_turn(self, _seconds):
        assert self._taken.acquire(blocking=False), "two threads work on one run"
        try:
            self.left -= 1
            self.record(self)
        finally:
            self._taken.release()

    def pause(self, by):
        assert by == self.owner
        self.paused = True

    def stop(self, by):
        assert by == self.owner
        self.stops += 1
        self.left = 0


class Record:
    """Whose turn it was; `full` once so many turns are noted, and then nobody wants one."""

    def __init__(self, turns):
        self.wanted, self.noted = turns, []
        self.open, self.full = threading.Event(), threading.Event()
        self._lock = threading.Lock()

    def __call__(self, run):
        with self._lock:
            self.noted.append(run)
            if len(self.noted) >= self.wanted:
                self.open.clear()
                self.full.set()

    def play(self, runs, **options):
        scheduler = Scheduler(slice_seconds=0.0, **options)
        try:
            for run in runs:
                scheduler.add(run)
            self.open.set()
            scheduler.wake()
            assert self.full.wait(LONG)
        finally:
            scheduler.close()
        return self.noted[: self.wanted]


@pytest.mark.parametrize("workers", [1, 2])
def test_each_owner_gets_the_same_share_and_each_of_its_runs_too(workers):
    record = Record(400)
    runs = [FakeRun(f"a{n}", "anna", record) for n in range(4)] + [FakeRun("b", "ben", record)]
    noted = record.play(runs, workers=workers)
    owners, each = Counter(run.owner for run in noted), Counter(run.id for run in noted)
    if workers == 1:
        assert owners == {"anna": 200, "ben": 200}
        assert all(each[f"a{n}"] == 50 for n in range(4))
    else:  # while ben's only run is at work, the other thread takes one of anna's
        assert owners["ben"] >= 100
        assert max(each[f"a{n}"] for n in range(4)) - min(each[f"a{n}"] for n in range(4)) <= 2


def test_a_run_has_one_turn_at_a_time_while_others_go_on():
    record = Record(50)
    slow, quick = FakeRun("slow", "anna", record), FakeRun("quick", "ben", record)
    entered = []

    def long_turn(_seconds):
        entered.append("after" if record.full.is_set() else "meanwhile")  # once more when all is closed
        assert record.full.wait(LONG)

    slow.take_turn = long_turn
    noted = record.play([slow, quick], workers=2)
    assert {run.id for run in noted} == {"quick"}
    assert entered.count("meanwhile") == 1


def test_thirty_owners_take_turns_in_a_circle():
    record = Record(300)
    runs = [FakeRun(f"r{n}", f"owner {n}", record) for n in range(30)]
    noted = [run.id for run in record.play(runs)]
    assert all(len(set(noted[start : start + 30])) == 30 for start in range(0, 271))


def test_a_newcomer_waits_for_one_round_at_most():
    record = Record(200)
    late = FakeRun("late", "late", record)
    scheduler = Scheduler(slice_seconds=0.0)
    joined = []

    def note(run):
        if len(record.noted) == 100:
            scheduler.add(late)
            joined.append(len(record.noted))
        Record.__call__(record, run)

    record.open.set()
    early = [FakeRun(f"r{n}", f"owner {n}", record) for n in range(5)]
    for run in early:
        run.record = _Through(record, note)
    for run in early:
        scheduler.add(run)
    assert record.full.wait(LONG)
    scheduler.close()
    noted = [run.id for run in record.noted]
    assert joined == [100]
    assert "late" in noted[100:107]
    assert noted.count("late") == pytest.approx(100 / 6, abs=1.5)


class _Through:
    """`record` with another function in front."""

    def __init__(self, record, note):
        self.open, self._note = record.open, note

    def __call__(self, run):
        self._note(run)


def test_runs_that_have_ended_get_no_turns_and_leave_room():
    record = Record(50)
    runs = [FakeRun("short", "anna", record, turns=3), FakeRun("long", "ben", record)]
    noted = Counter(run.id for run in record.play(runs))
    assert noted == {"short": 3, "long": 47}


def test_runs_that_nobody_watches_are_ended():
    record = Record(20)
    left, watched = FakeRun("left", "anna", record), FakeRun("watched", "ben", record)
    left.unwatched = 99.0
    noted = record.play([left, watched], end_seconds=10.0)
    assert left.stops >= 1
    assert {run.id for run in noted} == {"watched"}


def test_closing_pauses_what_is_under_way_and_stops_the_threads():
    before = set(threading.enumerate())  # of other tests' schedulers
    record = Record(10)
    runs = [FakeRun("a", "anna", record), FakeRun("b", "ben", record, turns=2)]
    record.play(runs)
    assert [run.paused for run in runs] == [True, False]
    started = {thread for thread in threading.enumerate() if thread.name.startswith("training-")} - before
    assert not [thread for thread in started if thread.is_alive()]


def test_waiting_counts_the_others():
    record = Record(1)
    runs = [FakeRun(f"r{n}", "anna", record) for n in range(3)]
    runs[2].state = "paused"
    scheduler = Scheduler()
    for run in runs:
        scheduler.add(run)
    assert [scheduler.waiting_before(run) for run in runs] == [1, 1, 2]
    scheduler.close()
