"""A run from start to end, and everything that can be wished of it on the way."""

import json
import threading

import pytest
import torch

from lib import evaluate
from lib.runs.driver import strip_of
from lib.runs.run import Run
from lib.runs.store import Store
from lib.schedules import scheduled_rate
from tests.runs.whole_runs import LONG, changed, finished, trained_by_hand, without_seconds


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


def test_a_scheduled_run_says_the_rate_of_its_last_step(registry, small):
    run = finished(registry, changed(small, schedule="one-cycle"))
    rates = [scheduled_rate("one-cycle", 0.01, step, 6) for step in range(6)]
    assert registry.status(run)["learning_rate"] == pytest.approx(rates[5], rel=1e-5)
    assert [epoch["learning_rate"] for epoch in run.log.epochs[1:]] == pytest.approx([rates[2], rates[5]], rel=1e-5)
    assert rates[5] < 1e-7
    assert run.log.marks == []


def test_a_scheduled_run_that_waits_says_the_rate_it_will_begin_with(tmp_path, small):
    config = changed(small, schedule="one-cycle")
    store = Store(tmp_path / "waiting")
    row = store.create("waits", "me", config, lambda number: f"Run {number}")
    assert Run(row, store).status()["learning_rate"] == pytest.approx(0.01 / 25)


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


def test_one_step_then_pause(registry, small, until):
    run = registry.start(small, "me", stepping=True)
    assert run.wait(LONG, "paused")
    assert (run.status()["step"], run.wants_rest) == (1, True)
    run.step(run.owner)
    until(lambda: run.status()["step"] == 2 and run.state == "paused")
    assert [point[0] for point in run.log.points] == [pytest.approx(1 / 3, abs=1e-5), pytest.approx(2 / 3, abs=1e-5)]
    run.resume(run.owner)
    assert run.wait(LONG)
    assert (run.state, run.status()["step"]) == ("finished", 6)
    assert [epoch["epoch"] for epoch in run.log.epochs] == [0, 1, 2]


def test_pause_keeps_everything_and_resume_goes_on(registry, endless, until):
    run = registry.start(endless, "me")
    until(lambda: run.status()["step"] > 3)
    run.pause(run.owner)
    assert run.wait(LONG, "paused")
    step, weights = run.weights()
    status = run.status()
    assert (status["step"], status["state"], status["seconds_left"]) == (step, "paused", None)
    before = (list(run.log.points), {name: value.clone() for name, value in weights.items()})
    assert not run.wait(0.1, "running")  # nothing moves
    assert run.log.points == before[0]
    assert all(torch.equal(value, run.weights()[1][name]) for name, value in before[1].items())
    run.resume(run.owner)
    until(lambda: run.status()["step"] > step)
    assert run.state == "running"
    assert run.log.points[: len(before[0])] == before[0]


def test_stopping_is_final_and_keeps_what_was_learned(registry, endless, until):
    run = registry.start(endless, "me")
    until(lambda: run.status()["step"] > 3)
    run.stop(run.owner)
    assert run.wait(LONG)
    assert (run.state, run.message) == ("stopped", "Stopped. What it learned so far is kept.")
    points, step = list(run.log.points), run.status()["step"]
    assert points
    for wish in (run.resume, run.step, run.pause):
        wish(run.owner)
    finished(registry, changed(endless, epochs=1), "somebody else")  # the worker had its chance
    assert (run.state, run.status()["step"], run.log.points) == ("stopped", step, points)
    assert run.model()[0] == step


def test_a_wish_to_stop_cannot_be_taken_back(registry, endless, after_event):
    here, go_on = threading.Event(), threading.Event()

    def look(_driver, event):
        if event.kind == "step_end" and event.step == 2:
            here.set()
            go_on.wait(LONG)

    after_event(look)
    run = registry.start(endless, "me")
    assert here.wait(LONG)  # the training thread is busy
    run.stop(run.owner)
    run.resume(run.owner)
    run.pause(run.owner)
    go_on.set()
    assert run.wait(LONG)
    assert run.state == "stopped"


@pytest.mark.parametrize("before", ["paused", "interrupted"])
def test_a_run_that_rests_can_be_stopped(open_registry, small, before):
    registry = open_registry()
    run = registry.start(small, "me", stepping=True)
    assert run.wait(LONG, "paused")
    if before == "interrupted":
        registry.close()
        run = open_registry().find(run.id)
    run.stop(run.owner)
    assert run.wait(LONG)
    assert run.state == "stopped"
    assert run.model()[0] == 1


def test_the_learning_rate_changes_between_two_steps_and_leaves_a_mark(open_registry, small, until):
    registry = open_registry()
    run = registry.start(small, "me", stepping=True)
    assert run.wait(LONG, "paused")
    assert run.log.marks == []
    run.set_learning_rate(0.3, run.owner)
    run.step(run.owner)
    until(lambda: run.status()["step"] == 2 and run.state == "paused")
    assert run.log.marks == [{"at": pytest.approx(1 / 3, abs=1e-5), "learning_rate": 0.3}]
    assert run.status()["learning_rate"] == 0.3
    run.resume(run.owner)
    assert run.wait(LONG)
    assert [epoch["learning_rate"] for epoch in run.log.epochs[1:]] == [0.3, 0.3]
    assert len(run.log.marks) == 1
    registry.close()
    assert open_registry().find(run.id).log.marks == run.log.marks


def test_a_changed_learning_rate_survives_with_its_mark(registry, small, until, tmp_path, after_event):
    """The mark and the checkpoint belong together: a crash right after must not leave one without the other."""
    run = registry.start(small, "me", stepping=True)
    assert run.wait(LONG, "paused")
    run.set_learning_rate(0.3, run.owner)
    kept = []

    def look(driver, event):
        if event.kind == "learning_rate_changed":
            store = Store(tmp_path / "home")
            kept.append(store.load_checkpoint(run.id).counters["learning_rate"])
            store.close()

    after_event(look)
    run.step(run.owner)
    until(lambda: run.status()["step"] == 2 and run.state == "paused")
    assert kept == [0.3]
