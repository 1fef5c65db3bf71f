"""Runs that break, explode or are left alone: they end in words, and others go on."""

import json

import pytest

from lib import Dense, Flatten, ModelConfig
from lib.data import DatasetUnavailable
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
    assert "the cat sat on it" in caplog.text  # the whole story is for the log
    assert [epoch["epoch"] for epoch in run.log.epochs] == [0]
    assert not (tmp_path / "home" / "runs" / run.id).exists()  # a broken state is not worth keeping
    finished(registry, small)


def test_data_that_cannot_be_loaded_ends_the_run_in_words(registry, small, monkeypatch):
    def refuse(*_, **__):
        raise DatasetUnavailable("digits is not on this machine.")

    with monkeypatch.context() as patch:
        patch.setattr("lib.runs.run.load_dataset", refuse)
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


def test_a_run_that_nobody_watches_rests_until_somebody_does(open_registry, endless, until):
    registry = open_registry(lease_seconds=0.15)
    run = registry.start(endless, "me")
    until(lambda: run.state == "paused")
    assert run.message == "Paused, because nobody watched for a while."
    step = run.status()["step"]
    run.watch()
    until(lambda: run.status()["step"] > step)
    assert run.log.points


def test_watching_keeps_a_run_going(open_registry, endless, until):
    registry = open_registry(lease_seconds=1.0)
    run = registry.start(endless, "me")
    seen = set()

    def well_into_the_run():
        run.watch()
        seen.add(run.state)
        return run.status().get("seconds", 0) > 1.5

    until(well_into_the_run)
    assert seen <= {"pending", "running"}


def test_watching_does_not_undo_a_pause_that_somebody_wished(open_registry, endless, until):
    registry = open_registry(lease_seconds=0.15)
    run = registry.start(endless, "me")
    until(lambda: run.state == "paused")  # for want of viewers
    run.pause()  # and now by wish
    run.watch()
    assert run.wants_rest
    run.resume()
    assert run.wait(LONG, "running")


def test_a_setting_ends_runs_that_nobody_watches(open_registry, endless):
    registry = open_registry(lease_seconds=0.1, end_unwatched_seconds=0.3)
    run = registry.start(endless, "me")
    assert run.wait(LONG)
    assert run.state == "stopped"
