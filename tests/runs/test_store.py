"""The folder of runs: what is written is read back, from any thread, and never half."""

import errno
import json
import threading
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors import safe_open

from lib import RunConfig
from lib.runs.names import name_for
from lib.runs.store import Checkpoint, LostRow, Store

CONFIG = RunConfig(seed=5)


@pytest.fixture
def store(tmp_path):
    store = Store(tmp_path / "runs here")
    yield store
    store.close()


@pytest.fixture
def row(store):
    return store.create("abc", "me", CONFIG, name_for)


def reopened(store):
    return Store(store._folder)


def test_runs_are_read_back(store, row):
    other = store.create("def", "you", RunConfig(), name_for)
    assert (row.name, row.state, row.message, row.config) == ("fern-1", "pending", None, CONFIG)
    store.set_state("abc", "failed", "It broke.")
    again = reopened(store)
    assert again.newest_ids(9) == ["def", "abc"]
    assert again.find("def") == other
    found = again.find("abc")
    assert (found.state, found.message, found.created, found.owner) == ("failed", "It broke.", row.created, "me")
    assert again.find("ghi") is None
    again.close()


def test_an_id_is_used_once(store, row):
    with pytest.raises(ValueError, match="there is a run abc"):
        store.create("abc", "you", CONFIG, name_for)
    assert store.newest_ids(9) == ["abc"]
    assert store.create("def", "me", CONFIG, name_for).name != row.name


def test_numbers_and_names_are_not_used_again(store, row):
    store.delete("abc")
    assert store.create("def", "me", CONFIG, name_for).name == "moss-2"


@pytest.mark.parametrize(
    ("column", "value", "foreign"),
    [
        ("config", json.dumps({"model": "of tomorrow"}), True),
        ("config", "{", False),
        ("config", b"\xff\x00", False),
        ("state", "dreaming", False),
        ("created", "yesterday", False),
        ("message", 7.5, False),
    ],
)
def test_a_row_that_cannot_be_used_costs_itself_alone_and_is_named(store, row, column, value, foreign):
    other = store.create("def", "you", CONFIG, name_for)
    store._database.write([(f"UPDATE runs SET {column} = ? WHERE id = 'def'", (value,))])
    if column == "message":  # text in SQLite whatever it was
        assert store.find("def").message == "7.5"
    else:
        assert store.find("def") == LostRow("def", other.name, "you", foreign)
    assert store.find("abc") == row
    store._database.write([("UPDATE runs SET result = '[1' WHERE id = 'abc'", ())])
    assert store.find("abc") == row


@settings(max_examples=25)
@given(st.lists(st.lists(st.floats(allow_nan=False, allow_infinity=False) | st.none(), max_size=4), max_size=8))
def test_entries_are_read_back_in_order(values):
    with TemporaryDirectory() as folder:
        store = Store(Path(folder))
        store.create("abc", "me", CONFIG, name_for)
        for number, value in enumerate(values):
            store.append("abc", "point", [(float(number), value)])
        store.append("abc", "epoch", [(1.0, {"epoch": 1})])
        again = reopened(store)
        assert again.entries("abc", "point") == (values, 0)
        assert again.entries("abc", "epoch") == ([{"epoch": 1}], 0)
        assert again.entries("abc", "mark") == ([], 0)
        again.close()
        store.close()


def test_entries_beyond_a_position_are_dropped_of_every_kind(store, row):
    store.create("def", "me", CONFIG, name_for)
    for position in (0.5, 1.0, 1.5):
        for kind in ("point", "epoch", "mark", "check"):
            store.append("abc", kind, [(position, position)])
        store.append("def", "point", [(position, position)])
    store.forget_after("abc", 1.0)
    assert [store.entries("abc", kind) for kind in ("point", "epoch", "mark", "check")] == [([0.5, 1.0], 0)] * 4
    assert store.entries("def", "point") == ([0.5, 1.0, 1.5], 0)


def test_two_threads_write_at_once(store, row):
    store.create("def", "me", CONFIG, name_for)
    other = reopened(store)  # as another process would
    failures = []

    def write(to, run_id, kind):
        try:
            for number in range(100):
                to.append(run_id, kind, [(number, number)])
                to.set_state(run_id, "running", f"{number}")
        except Exception as error:
            failures.append(error)

    threads = [
        threading.Thread(target=write, args=arguments)
        for arguments in (
            (store, "abc", "point"),
            (store, "abc", "epoch"),
            (store, "def", "point"),
            (other, "def", "epoch"),
        )
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    for run_id in ("abc", "def"):
        assert store.entries(run_id, "point") == (list(range(100)), 0)
        assert store.entries(run_id, "epoch") == (list(range(100)), 0)
    other.close()


# ---- checkpoints ----

TENSORS = {"model.w": torch.randn(3, 4), "generator": torch.arange(5, dtype=torch.uint8), "n": torch.tensor(2.0)}


def test_checkpoints_are_read_back(store, row):
    assert store.load_checkpoint("abc") is None
    turned = {**TENSORS, "turned": TENSORS["model.w"].T}  # not contiguous
    store.save_checkpoint(row, Checkpoint(turned, {"step": 7, "loss_sum": 0.1}))
    kept = reopened(store).load_checkpoint("abc")
    assert kept.counters == {"step": 7, "loss_sum": 0.1}
    assert kept.tensors.keys() == turned.keys()
    for name, value in turned.items():
        assert torch.equal(kept.tensors[name], value)
        assert kept.tensors[name].dtype == value.dtype


def test_the_set_up_travels_with_the_weights(store, row):
    store.save_checkpoint(row, Checkpoint(TENSORS, {}))
    with safe_open(store.folder_of("abc") / "checkpoint.safetensors", framework="pt") as file:
        assert RunConfig.model_validate_json(file.metadata()["config"]) == CONFIG


def test_a_half_written_checkpoint_is_never_used(store, row, monkeypatch):
    store.save_checkpoint(row, Checkpoint(TENSORS, {"step": 1}))

    def dies_half_way(tensors, path, metadata):
        path.write_bytes(b"\x00" * 20)
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("lib.home.files.save_file", dies_half_way)
        store.save_checkpoint(row, Checkpoint(TENSORS, {"step": 2}))
        assert store.unkept.failure.code == "full"
        assert reopened(store).load_checkpoint("abc").counters == {"step": 1}
        assert store.load_checkpoint("abc").counters == {"step": 2}  # from memory
    assert store._keeper.try_again()
    assert store.unkept is None
    assert reopened(store).load_checkpoint("abc").counters == {"step": 2}
    store.save_checkpoint(row, Checkpoint(TENSORS, {"step": 3}))
    assert store.load_checkpoint("abc").counters == {"step": 3}
    files = sorted(path.name for path in store.folder_of("abc").iterdir())
    assert files == ["checkpoint.safetensors", "previous.safetensors"]


def test_deleting_leaves_nothing(store, row):
    store.append("abc", "point", [(0.0, 1)])
    store.save_checkpoint(row, Checkpoint(TENSORS, {}))
    (store.folder_of("abc") / "checkpoint.part").write_bytes(b"left over")
    store.delete("abc")
    assert store.find("abc") is None
    assert store.entries("abc", "point") == ([], 0)
    assert store.load_checkpoint("abc") is None
    assert not store.folder_of("abc").exists()
    store.delete("abc")  # twice is fine
