"""The room that touches disk: whole files, one kind of failure, one holder, and a memory for what the disk refuses."""

import errno
import os
import sqlite3
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from lib import DataConfig, RunConfig
from lib.datasets.own import save_own
from lib.experiments.files import Shelf
from lib.experiments.records import Experiment
from lib.home import HomeFailure, failures_at, in_words, key, read_tensors, write_tensors, write_whole
from lib.home.lock import HomeLock
from lib.home.place import make_folder
from lib.home.space import clean
from lib.lessons.progress import write_notebook
from lib.nets.ready import save_ready_net
from lib.pen import sketchbook
from lib.runs import Limits, Registry
from lib.runs.names import name_for
from lib.runs.store import LostRow, Store
from lib.training import calibration
from lib.training.precision import Arithmetic

ROOT = Path(__file__).parents[2]
TENSORS = {"w": torch.arange(12.0).view(3, 4), "flag": torch.tensor(True), "none": torch.zeros(0, 3)}


def names_in(folder):
    return sorted(path.name for path in folder.rglob("*"))


@pytest.mark.parametrize("refuses", ["_settle", "save_file"])
def test_a_file_is_the_old_one_or_the_new_one(tmp_path, monkeypatch, refuses):
    path = tmp_path / "a" / "x.safetensors"
    write_tensors(path, TENSORS, {"n": "1"})

    def full(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(f"lib.home.files.{refuses}", full)
        with pytest.raises(HomeFailure) as caught:
            write_tensors(path, TENSORS, {"n": "2"})
    assert caught.value.code == "full"
    assert read_tensors(path)[1] == {"n": "1"}
    assert names_in(tmp_path) == ["a", "x.safetensors"]
    write_tensors(path, TENSORS, {"n": "3"})
    tensors, about = read_tensors(path)
    assert about == {"n": "3"}
    assert all(torch.equal(tensors[name], value) for name, value in TENSORS.items())


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    path = tmp_path_factory.mktemp("written") / "x.safetensors"
    write_tensors(path, TENSORS, {"n": "1"})
    return path, path.read_bytes()


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_bit_of_a_file_can_change_unnoticed(written, data):
    path, good = written
    at, bit = data.draw(st.integers(0, len(good) - 1)), data.draw(st.integers(0, 7))
    path.write_bytes(good[:at] + bytes([good[at] ^ (1 << bit)]) + good[at + 1 :])
    try:
        tensors, about = read_tensors(path)
    except HomeFailure as failure:
        assert failure.code in ("damaged", "refused")  # noqa: PT017
    else:  # padding, or the name of our checksum: what is read is what was written
        assert about.get("n") == "1"
        assert all(torch.equal(tensors[name], value) for name, value in TENSORS.items())


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (OSError(errno.ENOSPC, "x"), "full"),
        (OSError(errno.EDQUOT, "x"), "full"),
        (OSError(errno.EROFS, "x"), "read-only"),
        (FileNotFoundError(errno.ENOENT, "x"), "gone"),
        (OSError(errno.EIO, "x"), "refused"),
        (sqlite3.OperationalError("x"), "refused"),
        (sqlite3.DatabaseError("x"), "refused"),
    ],
)
def test_whatever_a_disk_raises_is_one_kind_of_failure(error, code):
    with pytest.raises(HomeFailure) as caught, failures_at(Path("here")):
        raise error
    assert caught.value.code == code
    assert "here" in in_words(caught.value)


def test_our_own_mistakes_stay_what_they_are():
    with pytest.raises(sqlite3.IntegrityError), failures_at(Path("here")):
        raise sqlite3.IntegrityError("a rule is broken")


HOLD = "from pathlib import Path; import sys, time\nfrom lib.home.lock import HomeLock\n"
HOLD += "lock = HomeLock(Path(sys.argv[1])); print('held', flush=True); time.sleep(60)"


def test_a_lock_says_who_has_it_and_dies_with_its_process(tmp_path):
    with subprocess.Popen([sys.executable, "-c", HOLD, tmp_path], cwd=ROOT, stdout=subprocess.PIPE, text=True) as child:
        try:
            assert child.stdout.readline() == "held\n"
            with pytest.raises(HomeFailure) as caught:
                HomeLock(tmp_path)
            assert caught.value.code == "taken"
            assert f"process {child.pid} of" in in_words(caught.value)
        finally:
            child.kill()
    lock = HomeLock(tmp_path)
    with pytest.raises(HomeFailure):
        Registry(tmp_path, Limits())  # not even in one process
    lock.release()
    Registry(tmp_path, Limits()).close()


def test_a_home_that_was_taken_away_is_not_made_anew(tmp_path):
    home = tmp_path / "home"
    lock = HomeLock(home)
    home.rename(tmp_path / "away")
    assert not lock.is_there()
    with pytest.raises(HomeFailure) as caught:
        write_whole(home / "notebooks" / "x.json", "{}")
    assert caught.value.code == "gone"
    assert not home.exists()
    (tmp_path / "away").rename(home)
    assert lock.is_there()
    write_whole(home / "notebooks" / "x.json", "{}")
    lock.release()
    make_folder(tmp_path / "another")


def kept_by_everybody(home):
    """Whatever writes to the home of its own, beside the runs."""
    pictures = [torch.full((3, 32, 32), 20 * number, dtype=torch.uint8) for number in range(10)]
    parts = tuple(torch.zeros(shape, dtype=torch.uint8) for shape in ((1, 1, 28, 28), (1,)) * 2)
    experiment = Experiment(id="abcd", kind="rate-race", title="x", owner="me", created=0.0, members=())
    return {
        "own": lambda: save_own("mine", "photo", {"a": pictures[:5], "b": pictures[5:]}),
        "sketchbook": lambda: sketchbook._write(home / "data" / "doodles" / "doodles-1.safetensors", parts),
        "key": lambda: key._key_of(home.absolute() / "key.json"),
        "notebook": lambda: write_notebook("me", {"lesson": {"step": 1}}),
        "calibration": lambda: calibration._remember(str(home), Arithmetic()),
        "shelf": lambda: Shelf(home / "experiments").save(experiment),
        "ready": lambda: save_ready_net(
            home / "nets" / "x.safetensors", RunConfig(data=DataConfig(name="digits")), 1, torch.nn.Linear(1, 1)
        ),
    }


@pytest.mark.parametrize("who", list(kept_by_everybody(Path())))
def test_nobody_makes_a_home_anew_that_was_taken_away(tmp_path, monkeypatch, quick_digits, who):
    """Not even an empty folder: the disk that comes back would lie beside it, or hide it."""
    home = tmp_path / "home"
    monkeypatch.setenv("GLASSHOUSE_HOME", str(home))
    lock = HomeLock(home)
    home.rename(tmp_path / "away")
    with suppress(OSError):
        kept_by_everybody(home)[who]()
    assert not home.exists()
    (tmp_path / "away").rename(home)
    before = set(home.rglob("*"))
    key._key_of.cache_clear()
    kept_by_everybody(home)[who]()
    written = [path for path in set(home.rglob("*")) - before if path.is_file()]
    assert written
    assert not [path for path in written if path.name.endswith(".part")]
    lock.release()


def test_what_was_left_behind_is_cleaned(tmp_path):
    for name in ("runs/a/checkpoint.part", "runs/gone/checkpoint.safetensors", "runs/a/checkpoint.safetensors"):
        write_whole(tmp_path / name, "x")
    for name in ("data/own/old.1.part", "data/own/young.2.part"):
        write_whole(tmp_path / name, "x")
    os.utime(tmp_path / "data/own/old.1.part", (0, 0))
    clean(tmp_path, {"a"})
    assert [name for name in names_in(tmp_path) if "." in name] == ["checkpoint.safetensors", "young.2.part"]
    assert not (tmp_path / "runs/gone").exists()


# ---- runs on such a home ----


def entry(store, number):
    store.append("abc", "point", [(float(number), [float(number), 1.0, 0.5])])


def test_what_a_locked_data_base_refuses_is_kept_from_memory(tmp_path):
    store = Store(tmp_path, "serve")
    store.create("abc", "me", RunConfig(), name_for)
    entry(store, 1)
    other = sqlite3.connect(tmp_path / "runs.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    entry(store, 2)
    assert store.unkept.failure.code == "locked"
    entry(store, 3)
    fresh = store.create("def", "me", RunConfig(), name_for)
    assert store.newest_ids(5) == ["def", "abc"]
    assert store.find("def") == fresh
    other.execute("ROLLBACK")
    other.close()
    assert store._keeper.try_again()
    assert store.unkept is None
    assert [point[0] for point in store.entries("abc", "point")[0]] == [1.0, 2.0, 3.0]
    assert store.newest_ids(5) == ["def", "abc"]
    store.close()


def test_a_home_that_is_a_file_works_until_there_is_one(tmp_path):
    home = tmp_path / "home"
    home.write_text("a file")
    store = Store(home, "serve")
    assert store.unkept.failure.code == "no folder"
    row = store.create("abc", "me", RunConfig(), name_for)
    entry(store, 1)
    assert store.find("abc") == row
    assert store.entries("abc", "point") == ([[1.0, 1.0, 0.5]], 0)
    home.unlink()
    assert store._keeper.try_again()
    store.close()
    again = Store(home)
    assert again.find("abc") == row
    assert again.entries("abc", "point") == ([[1.0, 1.0, 0.5]], 0)
    again.close()


def test_bad_bytes_in_the_middle_cost_what_they_lie_on(tmp_path):
    store = Store(tmp_path)
    for run_id in ("abc", "def"):
        store.create(run_id, "me", RunConfig(), name_for)
        store.append(run_id, "point", [(float(n), [float(n), 1.0, 0.5]) for n in range(2_000)])
    store.close()
    path = tmp_path / "runs.sqlite"
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 5_000] = os.urandom(5_000)
    path.write_bytes(content)
    again = Store(tmp_path)
    assert again.unkept is None
    assert again.newest_ids(5) == ["def", "abc"]
    left = sum(len(again.entries(run_id, "point")[0]) for run_id in ("abc", "def"))
    assert 3_000 < left < 4_000 or left == 4_000  # where only an index was hit, all of them
    (note,) = again.notes()
    assert note["rescued"]["runs"] == 2
    assert Path(note["rescued"]["kept"]).read_bytes() == bytes(content)
    again.forget_note(note["number"])
    assert again.notes() == []
    again.close()


def test_runs_of_a_later_version_are_said_and_their_data_base_is_kept(tmp_path):
    store = Store(tmp_path)
    store.create("abc", "me", RunConfig(), name_for)
    store.close()
    db = sqlite3.connect(tmp_path / "runs.sqlite")
    assert db.execute("PRAGMA user_version").fetchone() == (2,)
    db.execute("ALTER TABLE runs ADD COLUMN mood TEXT NOT NULL DEFAULT 'fine'")
    db.execute("UPDATE runs SET config = json_set(config, '$.mood', 1)")
    db.execute("PRAGMA user_version = 99")
    db.commit()
    db.close()
    again = Store(tmp_path)
    assert again.find("abc") == LostRow("abc", "fern-1", "me", foreign=True)
    again.create("def", "me", RunConfig(), name_for)
    again.close()
    db = sqlite3.connect(tmp_path / "runs.sqlite")
    assert db.execute("PRAGMA user_version").fetchone() == (99,)
    db.execute("ALTER TABLE runs RENAME COLUMN message TO sentence")
    db.commit()
    db.close()
    third = Store(tmp_path)
    (note,) = third.notes()
    assert (note["rescued"]["why"], note["rescued"]["runs"]) == ("later", 2)
    third.close()
