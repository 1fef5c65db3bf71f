"""What the training thread measures while a run goes, and what it takes up when the run goes on."""

import sqlite3
import threading
import time
from itertools import pairwise

import pytest
import torch

from lib.config import DataConfig, Dense, Flatten, ModelConfig, RunConfig, TrainConfig
from lib.runs import Limits, Registry, TooMuch, driver
from lib.runs.places import thread
from lib.runs.publisher import Publisher
from lib.training import evaluate

OWNER = "somebody"
CONFIG = RunConfig(
    data=DataConfig(name="digits", train_size=200, test_size=60, valid_fraction=0.1),
    model=ModelConfig(layers=(Flatten(), Dense(8))),
    train=TrainConfig(precision="fp32", epochs=200, batch_size=10),
    seed=1,
)


@pytest.fixture(autouse=True)
def _quick_data(quick_digits):
    """Digits are read once for all tests."""


def opened(tmp_path, **limits):
    return Registry(tmp_path / "home", Limits(slice_seconds=0.02, **limits))


def reached(run, step):
    while run.status()["step"] < step and not run.has_ended:
        run.wait(0.01)
    return run


def test_the_live_curve_is_measured_on_validation_pictures_alone(tmp_path, monkeypatch):
    """Never on test pictures, and with the very numbers that `evaluate` gives."""
    seen = []

    def watched(model, split, *arguments):
        found = evaluate(model, split, *arguments)
        seen.append((split, found))
        return found

    monkeypatch.setattr(driver, "evaluate", watched)
    monkeypatch.setattr(thread, "_CHECK_SECONDS", 0.0)
    monkeypatch.setattr(thread, "_SHARE", 1e9)
    registry = opened(tmp_path)
    run = reached(registry.start(CONFIG, OWNER), 5)
    data = run.dataset
    run.stop(OWNER)
    assert run.wait(120)
    assert run.log.checks
    assert data.valid is not data.test
    assert {id(split) for split, _ in seen} == {id(data.valid)}
    assert [check[2] for check in run.log.checks] == [round(found.accuracy, 5) for _, found in seen]
    registry.close()


def test_moments_beyond_the_checkpoint_are_forgotten(tmp_path):
    registry = opened(tmp_path)
    run = reached(registry.start(CONFIG, OWNER), 3)
    run.pause(OWNER)
    assert run.wait(120, "paused")
    saved = run.status()["step"]
    registry.close()
    later = opened(tmp_path)
    moments = later._store.snapshots(run.id)
    _, net = run.model()
    with torch.no_grad():
        net.dense1.weight.fill_(7.0)
    moments.keep(10**6, net)  # as if the process had died after this moment and before the next checkpoint
    assert 10**6 in moments.steps()
    again = later.find(run.id)
    again.resume(OWNER)
    reached(again, saved + 1)
    assert 10**6 not in moments.steps()
    assert max(moments.steps()) < 10**6
    again.stop(OWNER)
    assert again.wait(120)
    later.close()


def test_many_who_start_at_once_cannot_pass_the_limit_together(tmp_path, monkeypatch):
    registry = opened(tmp_path, max_queued=2, max_queued_each=20)
    create = registry._store.create

    def slowly(*arguments):
        time.sleep(0.05)  # long enough for the others to count, if they may
        return create(*arguments)

    monkeypatch.setattr(registry._store, "create", slowly)
    barrier, started, refused = threading.Barrier(6), [], []

    def start(number):
        barrier.wait()
        try:
            started.append(registry.start(CONFIG, f"owner {number}"))
        except TooMuch as problem:
            refused.append(problem)

    threads = [threading.Thread(target=start, args=(number,)) for number in range(6)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert (len(started), len(refused)) == (2, 4)
    assert len({run.id for run in started}) == len({run.name for run in started}) == 2
    for run in started:
        run.stop(run.owner)
        assert run.wait(120)
    registry.close()


def test_readers_do_not_wait_for_a_writer(tmp_path):
    """The data base keeps a write-ahead log: a page reads while a training thread writes."""
    registry = opened(tmp_path)
    run = reached(registry.start(CONFIG, OWNER), 1)
    run.stop(OWNER)
    assert run.wait(120)
    path = tmp_path / "home" / "runs.sqlite"
    with sqlite3.connect(path) as database:
        assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    database.close()
    registry.close()


def test_checks_and_saves_are_pieces_of_their_own_and_held_against_the_runs_own_seconds(tmp_path, monkeypatch):
    """Others' turns fill the clock: what a run may spend on looks depends on what it has worked itself."""
    registry = opened(tmp_path)
    run = reached(registry.start(CONFIG, OWNER), 3)
    run.pause(OWNER)
    assert run.wait(120, "paused")
    store = registry._store
    one = thread.DrivenHere(Publisher(run.row, run.log, run._published, store), run.pictures)
    clock = [1_000.0]
    monkeypatch.setattr(thread, "monotonic", lambda: clock[0])
    monkeypatch.setattr(store, "save_checkpoint", lambda *_: saves.append(one._training.seconds))
    saves, checks, between = [], [], 0
    one._last_save = clock[0]
    for _ in range(3_000):
        clock[0] += 2.5  # thirty others had their turns
        before = len(run.log.checks)
        event = one.next()
        between += event.kind == "working"
        if len(run.log.checks) > before:
            assert event.kind == "working"
            checks.append(one._training.seconds)
        if event.kind == "step_end":
            one._training.spend(0.05)  # as if a step took so long
    assert between >= len(checks) > 3
    assert min(after - before for before, after in pairwise(checks)) >= 1.0
    assert len(saves) > 3
    run.stop(OWNER)
    assert run.wait(120)
    registry.close()
