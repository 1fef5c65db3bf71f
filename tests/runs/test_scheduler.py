"""Fair turns, counted, with runs that only note that they had one. Time is a clock that turns alone move on."""

import threading
from collections import Counter
from contextlib import suppress

import pytest

from lib.runs.places import Thread
from lib.runs.scheduler import Scheduler, turn_seconds

LONG = 30.0


class FakeRun:
    """Wants turns until `turns` are done; `record` is told of each.

    piece: seconds of what it does at once, by the record's clock: a turn is as many pieces as fit, one at least
    """

    def __init__(self, run_id, owner, record, turns=10**9, piece=0.0, is_large=False):
        self.id, self.owner, self.record, self.left = run_id, owner, record, turns
        self.piece, self.is_large = piece, is_large
        self.is_waited_for, self.has_begun = False, True
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

    def take_turn(self, seconds):
        assert self._taken.acquire(blocking=False), "two threads work on one run"
        try:
            self.left -= 1
            pieces = max(round(seconds / self.piece), 1) if self.piece else 0
            self.record(self, pieces * self.piece)
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
        self.now, self.times = 0.0, []  # by the clock, when each of these turns began
        self.open, self.full = threading.Event(), threading.Event()
        self._lock = threading.Lock()

    def clock(self):
        return self.now

    def __call__(self, run, seconds=0.0):
        with self._lock:
            if self.full.is_set():  # what is asked of runs when all is closed
                return
            self.noted.append(run)
            self.times.append(self.now)
            self.now += seconds
            if len(self.noted) >= self.wanted:
                self.open.clear()
                self.full.set()

    def play(self, runs, **options):
        scheduler = Scheduler(**({"slice_seconds": 0.0, "clock": self.clock} | options))
        try:
            for run in runs:
                scheduler.add(run)
            self.open.set()
            scheduler.wake()
            assert self.full.wait(LONG)
        finally:
            scheduler.close()
        return self.noted[: self.wanted]

    def longest_gap(self, run):
        """Seconds between the beginnings of two turns of `run`, or from its last one to the end."""
        began = [at for at, each in zip(self.times, self.noted, strict=True) if each is run]
        return max(after - before for before, after in zip(began, [*began[1:], self.now], strict=True))

    def seconds_of(self, run):
        ended = [*self.times[1:], self.now]
        return sum(end - at for at, end, each in zip(self.times, ended, self.noted, strict=True) if each is run)


@pytest.mark.parametrize("workers", [1, 2])
def test_each_owner_gets_the_same_share_and_each_of_its_runs_too(workers):
    record = Record(400)
    runs = [FakeRun(f"a{n}", "anna", record) for n in range(4)] + [FakeRun("b", "ben", record)]
    if workers == 2:
        _in_step(runs, record)
    noted = record.play(runs, place=Thread(workers))
    owners, each = Counter(run.owner for run in noted), Counter(run.id for run in noted)
    if workers == 1:
        assert owners == {"anna": 200, "ben": 200}
        assert all(each[f"a{n}"] == 50 for n in range(4))
    else:  # while ben's only run is at work, the other thread takes one of anna's
        assert owners["ben"] >= 100
        assert max(each[f"a{n}"] for n in range(4)) - min(each[f"a{n}"] for n in range(4)) <= 2


def _in_step(runs, record):
    """Let turns end two by two: a thread that the machine holds up has no more of them than the other."""
    both = threading.Barrier(2)

    def with_another(take_turn):
        def take_turn_in_step(seconds):
            with suppress(threading.BrokenBarrierError):
                both.wait(LONG)
            take_turn(seconds)
            if record.full.is_set():
                both.abort()

        return take_turn_in_step

    for run in runs:
        run.take_turn = with_another(run.take_turn)


def test_a_run_has_one_turn_at_a_time_while_others_go_on():
    record = Record(50)
    slow, quick = FakeRun("slow", "anna", record), FakeRun("quick", "ben", record)
    entered = []

    def long_turn(_seconds):
        entered.append("after" if record.full.is_set() else "meanwhile")  # once more when all is closed
        assert record.full.wait(LONG)

    slow.take_turn = long_turn
    noted = record.play([slow, quick], place=Thread(2))
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
    scheduler = Scheduler(slice_seconds=0.0, clock=record.clock)
    joined = []

    def note(run, seconds):
        if len(record.noted) == 100:
            scheduler.add(late)
            joined.append(len(record.noted))
        Record.__call__(record, run, seconds)

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

    def __call__(self, run, seconds):
        self._note(run, seconds)


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


def test_a_turn_is_shorter_the_more_runs_share_the_thread():
    assert turn_seconds(0.2, 1, any_large=False) == turn_seconds(0.2, 12, any_large=False) == 0.2
    assert turn_seconds(0.2, 30, any_large=False) == pytest.approx(2.5 / 30)
    assert turn_seconds(0.2, 30, any_large=True) == pytest.approx(1.5 / 30)  # room for a piece of the large one
    assert turn_seconds(0.02, 0, any_large=True) == 0.02


def test_thirty_curves_move_every_two_and_a_half_seconds():
    record = Record(3_000)
    runs = [FakeRun(f"r{n}", f"owner {n}", record, piece=0.003 + 0.0001 * n) for n in range(30)]
    record.play(runs, slice_seconds=0.2)
    assert max(map(record.longest_gap, runs)) < 2.7
    shares = [record.seconds_of(run) / record.now for run in runs]
    assert max(shares) - min(shares) < 0.001


def test_whose_turn_took_long_waits_until_the_others_have_had_as_much():
    record = Record(20_000)
    small = [FakeRun(f"r{n}", f"owner {n}", record, piece=0.003) for n in range(29)]
    large = FakeRun("large", "patient", record, piece=1.7, is_large=True)
    record.play([*small, large], slice_seconds=0.2)
    assert max(map(record.longest_gap, small)) < 1.5 + 1.7 + 0.2  # a round, and one piece that nobody can cut short
    had = [record.seconds_of(run) for run in (*small, large)]
    assert max(had) - min(had) < 2.0
    assert record.noted.count(large) > 10


def test_time_that_nobody_wanted_is_not_owed():
    record = Record(600)
    early, late = FakeRun("early", "anna", record, piece=0.01), FakeRun("late", "ben", record, piece=0.01)
    late.wants_turn = lambda _lease: record.open.is_set() and len(record.noted) >= 300
    record.play([early, late], slice_seconds=0.1)
    after = Counter(run.id for run in record.noted[300:])
    assert after["late"] == pytest.approx(150, abs=2)  # half of what came then, not all of it


def test_an_owners_run_that_comes_back_does_not_take_what_it_missed_from_the_other():
    record = Record(600)
    one, other = FakeRun("one", "anna", record, piece=0.01), FakeRun("other", "anna", record, piece=0.01)
    other.wants_turn = lambda _lease: record.open.is_set() and len(record.noted) >= 300
    record.play([one, other], slice_seconds=0.1)
    assert Counter(run.id for run in record.noted[300:])["other"] == pytest.approx(150, abs=2)


def test_who_pressed_something_is_obeyed_before_the_others_have_their_turns():
    record = Record(900)
    runs = [FakeRun(f"r{n}", f"owner {n}", record, piece=0.01) for n in range(30)]
    pressed, obeyed = [], []

    def note(run, seconds):
        number = len(record.noted)
        if number % 100 == 50:
            runs[number // 100].is_waited_for = True
            pressed.append((runs[number // 100].id, number))
        Record.__call__(record, run, seconds)
        if run.is_waited_for:
            run.is_waited_for = False
            obeyed.append((run.id, number))

    for run in runs:
        run.record = _Through(record, note)
    record.play(runs, slice_seconds=0.2)
    assert len(pressed) == 9
    assert [run_id for run_id, _ in obeyed] == [run_id for run_id, _ in pressed]
    assert all(done - asked <= 1 for (_, asked), (_, done) in zip(pressed, obeyed, strict=True))


def test_pressing_without_end_takes_no_more_than_a_second_from_others():
    record = Record(2_000)
    runs = [FakeRun(f"r{n}", f"owner {n}", record, piece=0.01) for n in range(10)]
    runs[0].is_waited_for = True  # for ever
    record.play(runs, slice_seconds=0.2)
    others = [record.seconds_of(run) for run in runs[1:]]
    assert record.seconds_of(runs[0]) - max(others) < 1.5


def test_two_large_nets_never_train_beside_each_other():
    record = Record(60)
    beside, under_way = [], []

    def one_turn(run):
        def take_turn(seconds):
            under_way.append(run.id)
            beside.append(tuple(under_way))
            together.wait(0.002)
            record(run, 0.01)
            under_way.remove(run.id)

        return take_turn

    together = threading.Event()  # never set: a turn lasts a moment
    runs = [FakeRun(f"large{n}", f"owner {n}", record, is_large=True) for n in range(3)]
    runs += [FakeRun(f"small{n}", f"other {n}", record) for n in range(3)]
    for run in runs:
        run.take_turn = one_turn(run)
    record.play(runs, place=Thread(3))
    assert {run.id for run in record.noted} == {run.id for run in runs}
    assert all(sum(name.startswith("large") for name in names) <= 1 for names in beside)


def test_what_one_more_run_would_get():
    record = Record(1)
    runs = [FakeRun(f"r{n}", owner, record) for n, owner in enumerate(("anna", "anna", "ben"))]
    scheduler = Scheduler(clock=record.clock)
    assert scheduler.share_of("anna") == 1.0
    for run in runs:
        scheduler.add(run)
    assert scheduler.share_of("anna") == pytest.approx(1 / 2 / 3)
    assert scheduler.share_of("ben") == pytest.approx(1 / 2 / 2)
    assert scheduler.share_of("carl") == pytest.approx(1 / 3)
    assert scheduler.waiting_before(None) == 3
    scheduler.close()


def test_it_is_known_how_often_a_turn_comes():
    record, said = Record(300), []
    runs = [FakeRun(f"r{n}", f"owner {n}", record, piece=0.01) for n in range(30)]
    scheduler = Scheduler(clock=record.clock)

    def note(run, seconds):
        said.append(scheduler.turn_every(run))
        Record.__call__(record, run, seconds)

    for run in runs:
        run.record = _Through(record, note)
        scheduler.add(run)
    record.open.set()
    scheduler.wake()
    assert record.full.wait(LONG)
    scheduler.close()
    assert said[:30] == [None] * 30  # there has been one turn of each
    assert said[150:300] == pytest.approx([30 * 0.08] * 150, rel=0.1)
    assert [scheduler.turn_every(run) for run in runs] == [None] * 30  # nobody wants turns any more


def test_getting_ready_is_no_debt():
    """The first of thirty loads what all of them use: it does not wait for its first step until all had as much."""
    record = Record(120)
    runs = [FakeRun(f"r{n}", f"owner {n}", record, piece=0.01) for n in range(30)]
    runs[0].has_begun = False

    def note(run, seconds):
        Record.__call__(record, run, seconds if run.has_begun else 1.3)
        run.has_begun = True

    for run in runs:
        run.record = _Through(record, note)

    def take_turn(seconds, take_turn=runs[0].take_turn):
        ready = runs[0].has_begun
        take_turn(seconds)
        runs[0].has_begun = ready or record.noted.count(runs[0]) > 1

    runs[0].take_turn = take_turn
    record.play(runs, slice_seconds=0.2)
    assert runs[0] in record.noted[30:60]
