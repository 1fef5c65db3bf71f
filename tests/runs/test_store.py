"""The folder of runs: what is written is read back, from any thread, and never half."""

import json
import sqlite3
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
from lib.runs.store import Checkpoint, Store

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
    assert [each.id for each in again.rows()] == ["def", "abc"]
    assert again.find("def") == other
    found = again.find("abc")
    assert (found.state, found.message, found.created, found.owner) == ("failed", "It broke.", row.created, "me")
    assert again.find("ghi") is None
    again.close()


def test_an_id_is_used_once(store, row):
    with pytest.raises(sqlite3.IntegrityError):
        store.create("abc", "you", CONFIG, name_for)
    assert len(store.rows()) == 1
    assert store.create("def", "me", CONFIG, name_for).name != row.name


def test_numbers_and_names_are_not_used_again(store, row):
    store.delete("abc")
    assert store.create("def", "me", CONFIG, name_for).name == "moss-2"


def test_a_set_up_of_another_version_is_passed_over(store, row):
    store.create("def", "me", CONFIG, name_for)
    store._db.execute("UPDATE runs SET config = ? WHERE id = 'def'", (json.dumps({"model": "of tomorrow"}),))
    assert [each.id for each in store.rows()] == ["abc"]
    assert store.find("def") is None


@settings(max_examples=25)
@given(st.lists(st.lists(st.floats(allow_nan=False, allow_infinity=False) | st.none(), max_size=4), max_size=8))
def test_entries_are_read_back_in_order(values):
    with TemporaryDirectory() as folder:
        store = Store(Path(folder))
        store.create("abc", "me", CONFIG, name_for)
        for value in values:
            store.append("abc", "point", [(0.0, value)])
        store.append("abc", "epoch", [(1.0, {"epoch": 1})])
        again = reopened(store)
        assert again.entries("abc", "point") == values
        assert again.entries("abc", "epoch") == [{"epoch": 1}]
        assert again.entries("abc", "mark") == []
        again.close()
        store.close()


def test_entries_beyond_a_position_are_dropped_of_every_kind(store, row):
    store.create("def", "me", CONFIG, name_for)
    for position in (0.5, 1.0, 1.5):
        for kind in ("point", "epoch", "mark", "check"):
            store.append("abc", kind, [(position, position)])
        store.append("def", "point", [(position, position)])
    store.forget_after("abc", 1.0)
    assert [store.entries("abc", kind) for kind in ("point", "epoch", "mark", "check")] == [[0.5, 1.0]] * 4
    assert store.entries("def", "point") == [0.5, 1.0, 1.5]


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
        assert store.entries(run_id, "point") == list(range(100))
        assert store.entries(run_id, "epoch") == list(range(100))
    other.close()


# ---- checkpoints ----

TENSORS = {"model.w": torch.randn(3, 4), "generator": torch.arange(5, dtype=torch.uint8), "n": torch.tensor(2.0)}


def test_checkpoints_are_read_back(store, row):
    assert store.load_checkpoint("abc") is None
    turned = {**TENSORS, "turned": TENSORS["model.w"].T}  # not contiguous
    store.save_checkpoint("abc", CONFIG, Checkpoint(turned, {"step": 7, "loss_sum": 0.1}))
    kept = reopened(store).load_checkpoint("abc")
    assert kept.counters == {"step": 7, "loss_sum": 0.1}
    assert kept.tensors.keys() == turned.keys()
    for name, value in turned.items():
        assert torch.equal(kept.tensors[name], value)
        assert kept.tensors[name].dtype == value.dtype


def test_the_set_up_travels_with_the_weights(store, row):
    store.save_checkpoint("abc", CONFIG, Checkpoint(TENSORS, {}))
    with safe_open(store._checkpoint("abc"), framework="pt") as file:
        assert RunConfig.model_validate_json(file.metadata()["config"]) == CONFIG


def test_a_half_written_checkpoint_is_never_used(store, row, monkeypatch):
    store.save_checkpoint("abc", CONFIG, Checkpoint(TENSORS, {"step": 1}))

    def dies_half_way(tensors, path, metadata):
        path.write_bytes(b"\x00" * 20)
        raise OSError("No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("lib.runs.store.save_file", dies_half_way)
        with pytest.raises(OSError, match="No space"):
            store.save_checkpoint("abc", CONFIG, Checkpoint(TENSORS, {"step": 2}))
    assert store.load_checkpoint("abc").counters == {"step": 1}
    store.save_checkpoint("abc", CONFIG, Checkpoint(TENSORS, {"step": 3}))
    assert store.load_checkpoint("abc").counters == {"step": 3}
    files = [path.name for path in store._checkpoint("abc").parent.iterdir()]
    assert files == ["checkpoint.safetensors"]


def test_deleting_leaves_nothing(store, row):
    store.append("abc", "point", [(0.0, 1)])
    store.save_checkpoint("abc", CONFIG, Checkpoint(TENSORS, {}))
    store._checkpoint("abc").with_suffix(".part").write_bytes(b"left over")
    store.delete("abc")
    assert store.find("abc") is None
    assert store.entries("abc", "point") == []
    assert store.load_checkpoint("abc") is None
    assert not store._checkpoint("abc").parent.exists()
    store.delete("abc")  # twice is fine
