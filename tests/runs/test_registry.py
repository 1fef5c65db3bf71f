"""Runs from start to end, and everything that can be asked of them on the way."""

import json
import threading

import pytest
import torch

from lib import Dense, Flatten, ModelConfig, ShapeError, build_model, evaluate, fit, load_dataset
from lib.data import DatasetUnavailable
from lib.models import Mend
from lib.runs import Registry, TooMuch, get_registry
from lib.runs.driver import strip_of
from lib.runs.store import Store

LONG = 30.0  # seconds; nothing here takes one


def changed(config, **train):
    return config.model_copy(update={"train": config.train.model_copy(update=train)})


def without_seconds(epochs):
    return [{name: value for name, value in epoch.items() if name != "seconds"} for epoch in epochs]


def finished(registry, config, owner="me"):
    run = registry.start(config, owner)
    assert run.wait(LONG)
    assert run.state == "finished", run.message
    return run


def trained_by_hand(config):
    """What `fit` gives in a plain loop: events, data and net."""
    data = load_dataset(**config.data.model_dump())
    net = build_model(config.model, data.input_shape, len(data.classes), config.seed)
    return list(fit(net, data.train, data.valid, config.train, seed=config.seed)), data, net


# ---- a whole run ----


def test_a_run_publishes_what_fit_tells(registry, small):
    events, data, net = trained_by_hand(small)
    run = finished(registry, small)

    start, *epochs = run.log.epochs
    assert (start["epoch"], start["valid_accuracy"]) == (0, pytest.approx(events[0].valid_accuracy, abs=1e-4))
    assert start["valid_loss"] == pytest.approx(events[0].valid_loss, abs=1e-4)
    ends = [event for event in events if event.kind == "epoch_end"]
    assert [epoch["epoch"] for epoch in epochs] == [1, 2]
    for epoch, event in zip(epochs, ends, strict=True):
        for name in ("train_loss", "train_accuracy", "valid_loss", "valid_accuracy", "learning_rate"):
            assert epoch[name] == pytest.approx(getattr(event, name), abs=1e-4), name
    assert run.log.last_valid_accuracy() == epochs[-1]["valid_accuracy"]
    assert run.log.points[-1][0] == 2.0

    checked = evaluate(net, data.test)
    assert run.message == (
        f"Test accuracy {checked.accuracy * 100:.1f} %, loss {checked.loss:.3f}, on 30 pictures never used in training."
    )
    step, model = run.model()
    assert step == 6
    assert not model.training
    for ours, theirs in zip(model.parameters(), net.parameters(), strict=True):
        torch.testing.assert_close(ours, theirs, atol=1e-5, rtol=1e-4)


def test_the_status_of_a_finished_run(registry, small):
    run = finished(registry, small)
    status = registry.status(run)
    expected = {"state": "finished", "step": 6, "steps_per_epoch": 3, "epoch": 2, "epochs": 2, "progress": 1.0}
    assert expected.items() <= status.items()
    assert status["learning_rate"] == 0.01
    assert status["waiting"] == 0
    assert json.dumps(status, allow_nan=False)


def test_the_glimpse_is_what_the_net_says_of_one_picture_of_each_class(registry, small):
    run = finished(registry, small)
    strip = strip_of(run.dataset)
    assert run.dataset.test.labels[strip].tolist() == list(range(8))
    _, net = run.model()
    shares, labels = net(run.dataset.test.batch(strip)[0]).softmax(1).max(1)
    assert [label for label, _ in run.glimpse["answers"]] == labels.tolist()
    assert [share for _, share in run.glimpse["answers"]] == pytest.approx(shares.tolist(), abs=1e-3)


def test_equal_set_ups_give_equal_curves_alone_or_side_by_side(open_registry, random_net):
    alone = finished(open_registry("one"), random_net)
    crowded = open_registry("two", workers=2, slice_seconds=0.0)  # a turn is one event
    runs = [crowded.start(random_net, owner) for owner in ("a", "b", "b")]
    assert all(run.wait(LONG) for run in runs)
    for run in runs:
        assert without_seconds(run.log.epochs) == without_seconds(alone.log.epochs)
        assert run.message == alone.message
        weights, expected = run.weights()[1], alone.weights()[1]
        assert all(torch.equal(weights[name], expected[name]) for name in expected)
    other = finished(open_registry("three"), random_net.model_copy(update={"seed": 4}))
    assert without_seconds(other.log.epochs) != without_seconds(alone.log.epochs)


# ---- steering ----


def test_one_step_then_pause(registry, small, until):
    run = registry.start(small, "me", stepping=True)
    assert run.wait(LONG, "paused")
    assert (run.status()["step"], run.wants_rest) == (1, True)
    run.step()
    until(lambda: run.status()["step"] == 2 and run.state == "paused")
    assert [point[0] for point in run.log.points] == [pytest.approx(1 / 3, abs=1e-5), pytest.approx(2 / 3, abs=1e-5)]
    run.resume()
    assert run.wait(LONG)
    assert (run.state, run.status()["step"]) == ("finished", 6)
    assert [epoch["epoch"] for epoch in run.log.epochs] == [0, 1, 2]


def test_pause_keeps_everything_and_resume_goes_on(registry, endless, until):
    run = registry.start(endless, "me")
    until(lambda: run.status()["step"] > 3)
    run.pause()
    assert run.wait(LONG, "paused")
    step, weights = run.weights()
    status = run.status()
    assert (status["step"], status["state"], status["seconds_left"]) == (step, "paused", None)
    before = (list(run.log.points), {name: value.clone() for name, value in weights.items()})
    assert not run.wait(0.1, "running")  # nothing moves
    assert run.log.points == before[0]
    assert all(torch.equal(value, run.weights()[1][name]) for name, value in before[1].items())
    run.resume()
    until(lambda: run.status()["step"] > step)
    assert run.state == "running"
    assert run.log.points[: len(before[0])] == before[0]


def test_stopping_is_final_and_keeps_what_was_learned(registry, endless, until):
    run = registry.start(endless, "me")
    until(lambda: run.status()["step"] > 3)
    run.stop()
    assert run.wait(LONG)
    assert (run.state, run.message) == ("stopped", "Stopped. What it learned so far is kept.")
    points, step = list(run.log.points), run.status()["step"]
    assert points
    for wish in (run.resume, run.step, run.pause):
        wish()
    finished(registry, changed(endless, epochs=1), "somebody else")  # the worker had its chance
    assert (run.state, run.status()["step"], run.log.points) == ("stopped", step, points)
    assert run.model()[0] == step


@pytest.mark.parametrize("before", ["paused", "interrupted"])
def test_a_run_that_rests_can_be_stopped(open_registry, small, before):
    registry = open_registry()
    run = registry.start(small, "me", stepping=True)
    assert run.wait(LONG, "paused")
    if before == "interrupted":
        registry.close()
        run = open_registry().find(run.id)
    run.stop()
    assert run.wait(LONG)
    assert run.state == "stopped"
    assert run.model()[0] == 1


def test_the_learning_rate_changes_between_two_steps_and_leaves_a_mark(open_registry, small, until):
    registry = open_registry()
    run = registry.start(small, "me", stepping=True)
    assert run.wait(LONG, "paused")
    assert run.log.marks == []
    run.set_learning_rate(0.3)
    run.step()
    until(lambda: run.status()["step"] == 2 and run.state == "paused")
    assert run.log.marks == [{"at": pytest.approx(1 / 3, abs=1e-5), "learning_rate": 0.3}]
    assert run.status()["learning_rate"] == 0.3
    run.resume()
    assert run.wait(LONG)
    assert [epoch["learning_rate"] for epoch in run.log.epochs[1:]] == [0.3, 0.3]
    assert len(run.log.marks) == 1
    registry.close()
    assert open_registry().find(run.id).log.marks == run.log.marks


def test_a_changed_learning_rate_survives_with_its_mark(registry, small, until, tmp_path, after_event):
    """The mark and the checkpoint belong together: a crash right after must not leave one without the other."""
    run = registry.start(small, "me", stepping=True)
    assert run.wait(LONG, "paused")
    run.set_learning_rate(0.3)
    kept = []

    def look(driver, event):
        if event.kind == "learning_rate_changed":
            store = Store(tmp_path / "home")
            kept.append(store.load_checkpoint(run.id).counters["learning_rate"])
            store.close()

    after_event(look)
    run.step()
    until(lambda: run.status()["step"] == 2 and run.state == "paused")
    assert kept == [0.3]


# ---- runs that break ----


def test_a_run_that_breaks_says_so_and_the_worker_lives_on(registry, small, after_event, caplog):
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


def test_more_pictures_than_there_are_end_the_run_in_words(registry, small):
    run = registry.start(small.model_copy(update={"data": small.data.model_copy(update={"train_size": 5_000})}), "me")
    assert run.wait(LONG)
    assert run.state == "failed"
    assert "5,000" in run.message


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


# ---- leases ----


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


# ---- limits ----


def test_too_many_parameters_are_refused_in_words(open_registry, small):
    registry = open_registry(max_parameters=1_000)
    with pytest.raises(TooMuch, match=r"6,370 parameters; this machine allows 1,000\."):
        registry.start(small, "me")
    assert registry.newest() == []


def test_too_much_memory_is_refused_in_words(open_registry, small):
    registry = open_registry(max_memory_mb=1)
    with pytest.raises(TooMuch, match=r"would take about \d+ MB; this machine allows 1 MB\."):
        registry.start(small, "me")


def test_each_browser_and_all_together_have_a_limit(open_registry, small):
    registry = open_registry(max_queued_each=2, max_queued=3)
    first = registry.start(small, "me", stepping=True)
    registry.start(small, "me", stepping=True)
    with pytest.raises(TooMuch, match="You have 2 runs open"):
        registry.start(small, "me")
    registry.start(small, "you", stepping=True)
    with pytest.raises(TooMuch, match="Too many runs are open on this machine"):
        registry.start(small, "you")
    first.stop()
    assert first.wait(LONG)
    registry.start(small, "me", stepping=True)


def test_nets_and_data_that_cannot_work_are_refused_before(registry, small):
    with pytest.raises(ShapeError) as caught:
        registry.start(small.model_copy(update={"model": ModelConfig(layers=(Dense(8),))}), "me")
    assert isinstance(caught.value.mend, Mend)
    with pytest.raises(ValueError, match="no data set called “cats”"):
        registry.start(small.model_copy(update={"data": small.data.model_copy(update={"name": "cats"})}), "me")
    assert registry.newest() == []


# ---- finding, deleting, opening again ----


def test_runs_are_found_the_newest_first(open_registry, small):
    registry = open_registry()
    runs = [finished(registry, small.model_copy(update={"seed": seed}), f"owner {seed}") for seed in range(3)]
    assert [run.id for run in registry.newest()] == [run.id for run in reversed(runs)]
    assert [run.id for run in registry.newest(2)] == [runs[2].id, runs[1].id]
    assert registry.find(runs[0].id) is runs[0]
    assert registry.find("nonsense") is None
    assert len({run.name for run in runs}) == 3

    registry.close()
    again = open_registry()
    assert [run.id for run in again.newest()] == [run.id for run in reversed(runs)]
    for run in runs:
        copy = again.find(run.id)
        assert (copy.name, copy.owner, copy.config, copy.state, copy.message, copy.created) == (
            (run.name, run.owner, run.config, run.state, run.message, run.created)
        )
        assert (copy.log.points, copy.log.epochs) == (run.log.points, run.log.epochs)
        step, weights = copy.weights()
        assert step == 6
        assert all(torch.equal(weights[name], value) for name, value in run.weights()[1].items())


def test_deleting_forgets_curve_and_weights(registry, small, tmp_path):
    run, other = finished(registry, small), finished(registry, small)
    assert (tmp_path / "home" / "runs" / run.id).exists()
    registry.delete(run)
    assert registry.find(run.id) is None
    assert [left.id for left in registry.newest()] == [other.id]
    assert not (tmp_path / "home" / "runs" / run.id).exists()
    store = Store(tmp_path / "home")
    assert store.entries(run.id, "point") == store.entries(run.id, "epoch") == []
    assert store.entries(other.id, "epoch")
    store.close()
    assert other.weights()


def test_a_run_under_way_is_not_deleted(registry, small):
    run = registry.start(small, "me", stepping=True)
    with pytest.raises(ValueError, match="has not ended"):
        registry.delete(run)
    assert registry.find(run.id) is run


def test_closing_pauses_and_opening_offers_to_go_on(open_registry, random_net, until):
    whole = finished(open_registry("other"), random_net)
    registry = open_registry()
    run = registry.start(random_net, "me", stepping=True)
    assert run.wait(LONG, "paused")
    run.step()
    until(lambda: run.status()["step"] == 2 and run.state == "paused")
    registry.close()

    again = open_registry().find(run.id)
    assert again.state == "paused"
    assert again.log.points == run.log.points
    assert 0 < again.status()["progress"] < 1
    assert again.weights()[0] == 2
    again.resume()
    assert again.wait(LONG)
    assert again.state == "finished"
    assert without_seconds(again.log.epochs) == without_seconds(whole.log.epochs)
    assert again.log.points[:2] == run.log.points


def test_a_run_that_rests_before_its_validation_has_that_epoch_once(open_registry, small, until):
    registry = open_registry()
    run = registry.start(small, "me", stepping=True)
    for step in (2, 3):
        until(lambda step=step: run.status()["step"] == step - 1 and run.state == "paused")
        run.step()
    until(lambda: run.status()["step"] == 3 and run.state == "paused")
    assert [epoch["epoch"] for epoch in run.log.epochs] == [0]
    registry.close()
    again = open_registry().find(run.id)
    again.resume()
    assert again.wait(LONG)
    assert [epoch["epoch"] for epoch in again.log.epochs] == [0, 1, 2]
    assert without_seconds(again.log.epochs) == without_seconds(finished(open_registry("other"), small).log.epochs)


def test_the_registry_of_the_process_is_one(tmp_path, monkeypatch):
    monkeypatch.setenv("GLASSHOUSE_HOME", str(tmp_path / "shared"))
    monkeypatch.setenv("GLASSHOUSE_MAX_QUEUED", "7")
    found = []
    threads = [threading.Thread(target=lambda: found.append(get_registry())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert len(set(found)) == 1
    assert isinstance(found[0], Registry)
    assert found[0].limits.max_queued == 7
    assert (tmp_path / "shared" / "runs.sqlite").exists()
