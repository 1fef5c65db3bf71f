"""Runs that break, explode or are left alone: they end in words, and others go on."""

import json
import time

import pytest

from lib import Dense, Flatten, ModelConfig
from lib.datasets import DatasetUnavailable
from lib.runs.store import Store
from tests.runs.whole_runs import LONG, finished


def test_a_run_that_breaks_says_so_and_the_worker_lives_on(registry, small, after_event, caplog, tmp_path):
    cats = ["the cat sat on it"]

    def look(driver, event):
        if event.kind == "step_end" and event.step == 2 and cats:
            raise RuntimeError(cats.pop())

    after_event(look)
    run = registry.start(small, "me")
    assert run.wait(LONG)
    assert (run.state, run.message) == ("failed", "This run broke off: the cat sat on it")
    assert not run.has_diverged  # nothing is wrong with its loss
    assert "the cat sat on it" in caplog.text  # the whole story is for the log
    assert [epoch["epoch"] for epoch in run.log.epochs] == [0]
    assert Store(tmp_path / "home").load_checkpoint(run.id).counters["step"] == 0  # a broken state is not worth keeping
    finished(registry, small)


def test_data_that_cannot_be_loaded_ends_the_run_in_words(registry, small, monkeypatch):
    def refuse(*_, **__):
        raise DatasetUnavailable("digits is not on this machine.")

    with monkeypatch.context() as patch:
        patch.setattr("lib.runs.holding.load_dataset", refuse)
        run = registry.start(small, "me")
        assert run.wait(LONG)
    assert (run.state, run.message) == ("failed", "This run broke off: digits is not on this machine.")
    finished(registry, small)


def test_a_disk_that_refuses_does_not_take_the_worker_with_it(registry, small, monkeypatch):
    def refuse(*_):
        raise OSError("No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Store, "save_checkpoint", refuse)
        patch.setattr(Store, "set_state", refuse)
        run = registry.start(small, "me")
        assert run.wait(LONG)
        assert (run.state, run.message) == ("failed", "This run broke off: No space left on device")
    finished(registry, small)


@pytest.fixture
def exploding(small):
    """One click away from failure: large steps on pixels of 0..255."""
    return small.model_copy(
        update={
            "data": small.data.model_copy(update={"scale_pixels": False}),
            "model": ModelConfig(layers=(Flatten(), Dense(16, "linear"))),
            "train": small.train.model_copy(update={"learning_rate": 10.0, "optimizer": "sgd", "epochs": 50}),
        }
    )


def test_a_run_that_explodes_keeps_its_curve(open_registry, exploding):
    registry = open_registry()
    run = registry.start(exploding, "me")
    assert run.wait(LONG)
    assert run.state == "failed"
    assert run.message.startswith("The loss stopped being a number in epoch ")
    assert run.message.endswith("Try a learning rate below 10.")
    assert run.log.points
    log = run.log
    published = [log.points, log.epochs, log.marks, log.checks, run.glimpse, registry.status(run)]
    assert json.dumps(published, allow_nan=False)  # browsers' JSON knows neither NaN nor Infinity
    registry.close()
    again = open_registry().find(run.id)
    assert (again.state, again.message, again.log.points) == ("failed", run.message, run.log.points)


@pytest.fixture
def later(monkeypatch):
    """`later(seconds)`: let so much time go by for runs, at once."""
    gone = [0.0]
    monkeypatch.setattr("lib.runs.run.monotonic", lambda: time.monotonic() + gone[0])

    def go(seconds):
        gone[0] += seconds

    return go


def is_moving(run, until):
    step = run.status()["step"]
    until(lambda: run.status()["step"] > step or run.state == "paused")
    return run.state == "running"


def test_a_run_that_nobody_watches_rests_until_somebody_does(open_registry, endless, until, later):
    registry = open_registry(lease_seconds=600)
    run = registry.start(endless, "me")
    later(590)
    assert is_moving(run, until)
    later(20)
    assert run.wait(LONG, "paused")
    assert run.message == "Paused, because nobody watched for a while."
    run.watch()
    assert run.wait(LONG, "running")
    assert is_moving(run, until)
    assert run.message is None


def test_watching_keeps_a_run_going(open_registry, endless, until, later):
    registry = open_registry(lease_seconds=600)
    run = registry.start(endless, "me")
    for _ in range(3):
        later(590)
        run.watch()
        assert is_moving(run, until)


def test_who_wishes_something_is_watching(open_registry, endless, until, later):
    registry = open_registry(lease_seconds=600)
    run = registry.start(endless, "me", stepping=True)
    assert run.wait(LONG, "paused")
    later(10_000)
    run.resume(run.owner)
    assert run.wait(LONG, "running")
    assert is_moving(run, until)


def test_watching_does_not_undo_a_pause_that_somebody_wished(open_registry, endless, later):
    registry = open_registry(lease_seconds=600)
    run = registry.start(endless, "me")
    later(610)
    assert run.wait(LONG, "paused")  # for want of viewers
    run.pause(run.owner)  # and now by wish
    run.watch()
    assert run.wants_rest
    run.resume(run.owner)
    assert run.wait(LONG, "running")


def test_no_lease_no_rest(open_registry, endless, until, later):
    run = open_registry(lease_seconds=0).start(endless, "me")
    later(1_000_000)
    assert is_moving(run, until)


def test_a_setting_ends_runs_that_nobody_watches(open_registry, endless, until, later):
    registry = open_registry(lease_seconds=600, end_unwatched_seconds=1_200)
    run = registry.start(endless, "me")
    later(610)
    assert run.wait(LONG, "paused")
    later(600)
    registry.start(endless, "somebody else")  # wakes the scheduler
    assert run.wait(LONG)
    assert (run.state, run.message) == ("stopped", "Stopped. What it learned so far is kept.")
