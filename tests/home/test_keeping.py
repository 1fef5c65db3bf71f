"""What waits while the disk refuses: nothing is lost and nothing changes places, whoever else is at work."""

import sqlite3
import threading
from pathlib import Path

import pytest
import torch

from lib import RunConfig
from lib.datasets import loaded
from lib.home import HomeFailure, place
from lib.home.database import Database
from lib.home.keeper import Keeper
from lib.runs.log import RunLog
from lib.runs.names import name_for
from lib.runs.rows import LAYOUT
from lib.runs.store import Store


class Disk:
    """Takes what it is given, unless it refuses; calls `then` once somebody has found that it does."""

    def __init__(self):
        self.refuses, self.has, self.then = False, [], lambda: None

    def writes(self, what):
        def act():
            if self.refuses:
                raise HomeFailure("full", Path("here"))
            self.has.append(what)

        return act

    def ready(self):
        if self.refuses:
            raise HomeFailure("full", Path("here"))


def in_another_thread(act):
    thread = threading.Thread(target=act)
    thread.start()
    return thread


@pytest.fixture
def disk(monkeypatch):
    monkeypatch.setattr("lib.home.keeper._AGAIN_SECONDS", 30.0)  # only when a test says so
    return Disk()


def test_what_comes_while_the_rest_is_written_waits_behind_it(disk):
    """Between the look at whether anything waits and putting it in line, the last one may have been written."""
    keeper = Keeper(disk.ready)
    disk.refuses = True
    keeper.keep(disk.writes(1))
    disk.refuses = False

    class LooksTwice(type(keeper._alarm)):
        """Lets another thread write all that waits right before `keep` gets hold of it."""

        def __enter__(self):
            if threading.current_thread() is threading.main_thread() and looks:
                looks.pop()
                in_another_thread(keeper.try_again).join()
            return super().__enter__()

    looks = [None]
    keeper._alarm.__class__ = LooksTwice
    keeper.keep(disk.writes(2))
    keeper.keep(disk.writes(3))
    assert keeper.close()
    assert disk.has == [1, 2, 3]


def test_what_has_a_newer_form_by_the_time_it_is_written_is_written_again(disk):
    keeper = Keeper(disk.ready)
    disk.refuses = True
    keeper.keep(lambda: (disk.writes("old")(), keeper.keep(disk.writes("new"), "curve")), "curve")
    disk.refuses = False
    assert keeper.try_again()
    assert disk.has == ["old", "new"]
    assert keeper.close()


def test_what_has_just_failed_is_not_forgotten_by_who_tries_again(disk, monkeypatch):
    keeper = Keeper(disk.ready)
    note, tried = keeper.note, []

    def note_and_let_others_try(failure):
        note(failure)
        if not tried:
            disk.refuses = False
            tried.append(in_another_thread(keeper.try_again))
            tried[0].join(0.2)  # it can only wait

    monkeypatch.setattr(keeper, "note", note_and_let_others_try)
    disk.refuses = True
    keeper.keep(disk.writes(1))
    tried[0].join()
    keeper.keep(disk.writes(2))
    assert keeper.close()
    assert disk.has == [1, 2]
    assert keeper.unkept is None


def test_many_threads_and_a_disk_that_comes_and_goes_lose_nothing(disk, monkeypatch):
    monkeypatch.setattr("lib.home.keeper._AGAIN_SECONDS", 0.001)
    keeper, ended = Keeper(disk.ready), threading.Event()

    def come_and_go():
        while not ended.wait(0.0007):
            disk.refuses = not disk.refuses
        disk.refuses = False

    def write(who):
        for number in range(300):
            keeper.keep(disk.writes((who, number)))

    weather = in_another_thread(come_and_go)
    for thread in [in_another_thread(lambda who=who: write(who)) for who in range(4)]:
        thread.join()
    ended.set()
    weather.join()
    assert keeper.close()
    for who in range(4):
        assert [number for name, number in disk.has if name == who] == list(range(300))


def test_a_data_base_that_was_closed_is_a_failure_of_the_home(tmp_path):
    for path in (None, tmp_path / "runs.sqlite"):
        database = Database(path, LAYOUT)
        database.close()
        database.close()
        with pytest.raises(HomeFailure):
            database.read("SELECT 1")
        with pytest.raises(HomeFailure):
            database.write([("DELETE FROM notes", ())])


def test_who_reads_while_the_data_base_is_made_anew_is_answered(tmp_path):
    """The one that was closed is no answer, and no exception either."""
    home = tmp_path / "home"
    store = Store(home, "serve")
    row = store.create("abc", "me", RunConfig(), name_for)
    read, closed = Database.read, []

    def read_late(database, question, values=()):
        if not closed:
            closed.append(database)
            store._use(Database(home / "runs.sqlite", LAYOUT))
        return read(database, question, values)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Database, "read", read_late)
        assert store.find("abc") == row
    assert store.unkept is None
    store.close()
    assert store.newest_ids(5) == []
    assert Store(home).find("abc") == row


def renewed(home, store):
    """The data base is taken away, and somebody finds out."""
    for path in home.glob("runs.sqlite*"):
        path.unlink()
    store.set_state("abc", "running", None)
    assert store.unkept is not None
    assert store._keeper.try_again()


def add_point(log, position):
    log.add_mean(position, 1.0, 0.5)


def test_a_data_base_that_is_made_anew_has_every_entry_once_and_in_order(tmp_path, caplog):
    home = tmp_path / "home"
    store = Store(home, "serve")
    row = store.create("abc", "me", RunConfig(), name_for)
    log = RunLog("abc", store)
    add_point(log, 0.1)

    def renew():
        in_another_thread(lambda: add_point(log, 0.3)).join()  # what comes meanwhile
        store.keep_anew(row, log.entries())
        add_point(log, 0.4)

    store.when_renewed = renew
    for path in home.glob("runs.sqlite*"):
        path.unlink()
    add_point(log, 0.2)
    assert store._keeper.try_again()
    assert store.unkept is None
    assert [point[0] for point in store.entries("abc", "point")[0]] == [0.1, 0.2, 0.3, 0.4]
    assert "could not be kept" not in caplog.text
    store.close()


def test_a_run_that_began_while_the_disk_began_to_refuse_is_listed(tmp_path, monkeypatch):
    store = Store(tmp_path, "serve")
    other = sqlite3.connect(tmp_path / "runs.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    row = store.create("abc", "me", RunConfig(), name_for)  # nobody knew yet that nothing is kept
    assert store.unkept is not None
    assert store.find("abc") == row
    assert store.newest_ids(5) == ["abc"]
    other.execute("ROLLBACK")
    other.close()
    assert store._keeper.try_again()
    assert store._fresh == {}
    store.close()


def test_homes_come_and_go_while_folders_are_made(tmp_path, monkeypatch):
    """The folders in use change while another thread goes through them."""

    class Checks(type(tmp_path)):
        def is_dir(self):
            place.use(tmp_path / f"home-{len(place._in_use)}")
            return True

    before = set(place._in_use)
    try:
        place._in_use.update(Checks(tmp_path) for _ in range(3))
        place._in_use.update({Checks(tmp_path / "x"), Checks(tmp_path / "y")})
        place.make_folder(tmp_path / "x" / "y")
    finally:
        place._in_use.intersection_update(before)


def test_a_set_that_is_deleted_while_it_is_read_is_gone(tmp_path, monkeypatch):
    monkeypatch.setenv("GLASSHOUSE_HOME", str(tmp_path))
    reading, go_on = threading.Event(), threading.Event()
    deleted = []

    def slow(name):
        if deleted:
            raise loaded.DatasetUnavailable("its pictures were deleted")
        reading.set()
        assert go_on.wait(120)
        return loaded.Whole(*(torch.zeros(1, 1, 28, 28), torch.zeros(1)) * 2)

    monkeypatch.setattr(loaded, "_read", slow)
    monkeypatch.setattr(loaded, "delete_own", lambda name, _by: deleted.append(name))
    reader = in_another_thread(lambda: loaded.whole("own-0123456789ab"))
    assert reading.wait(120)
    deleting = in_another_thread(lambda: loaded.delete("own-0123456789ab", "me"))
    deleting.join(0.2)
    go_on.set()
    reader.join()
    deleting.join()
    with pytest.raises(loaded.DatasetUnavailable):
        loaded.whole("own-0123456789ab")
