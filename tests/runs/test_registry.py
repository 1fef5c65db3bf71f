"""What may be started, and finding it again, also in another process."""

import threading
from functools import partial
from inspect import Parameter, isfunction, signature

import pytest
import torch

from lib import Dense, ModelConfig, ShapeError
from lib.models import Mend
from lib.runs import NotYours, Registry, Run, TooMuch, get_registry
from lib.runs.store import Store
from tests.runs.whole_runs import LONG, finished, without_seconds


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
    first.stop(first.owner)
    assert first.wait(LONG)
    registry.start(small, "me", stepping=True)


def test_nets_and_data_that_cannot_work_are_refused_before(registry, small):
    with pytest.raises(ShapeError) as caught:
        registry.start(small.model_copy(update={"model": ModelConfig(layers=(Dense(8),))}), "me")
    assert isinstance(caught.value.mend, Mend)
    too_many = small.model_copy(update={"data": small.data.model_copy(update={"train_size": 5_000})})
    with pytest.raises(TooMuch, match="Digits has 1,345 training pictures; 5,000 cannot be taken"):
        registry.start(too_many, "me")
    with pytest.raises(ValueError, match="no data set called “cats”"):
        registry.start(small.model_copy(update={"data": small.data.model_copy(update={"name": "cats"})}), "me")
    assert registry.newest() == []


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
    registry.delete(run, run.owner)
    assert registry.find(run.id) is None
    assert [left.id for left in registry.newest()] == [other.id]
    assert not (tmp_path / "home" / "runs" / run.id).exists()
    store = Store(tmp_path / "home")
    assert store.entries(run.id, "point") == store.entries(run.id, "epoch") == ([], 0)
    assert store.entries(other.id, "epoch")[0]
    store.close()
    assert other.weights()


def test_a_run_under_way_is_not_deleted(registry, small):
    run = registry.start(small, "me", stepping=True)
    with pytest.raises(ValueError, match="has not ended"):
        registry.delete(run, run.owner)
    assert registry.find(run.id) is run


def test_closing_pauses_and_opening_offers_to_go_on(open_registry, random_net, until):
    whole = finished(open_registry("other"), random_net)
    registry = open_registry()
    run = registry.start(random_net, "me", stepping=True)
    assert run.wait(LONG, "paused")
    run.step(run.owner)
    until(lambda: run.status()["step"] == 2 and run.state == "paused")
    registry.close()

    again = open_registry().find(run.id)
    assert again.state == "paused"
    assert again.log.points == run.log.points
    assert 0 < again.status()["progress"] < 1
    assert again.weights()[0] == 2
    again.resume(again.owner)
    assert again.wait(LONG)
    assert again.state == "finished"
    assert without_seconds(again.log.epochs) == without_seconds(whole.log.epochs)
    assert again.log.points[:2] == run.log.points


def test_a_run_that_rests_before_its_validation_has_that_epoch_once(open_registry, small, until):
    registry = open_registry()
    run = registry.start(small, "me", stepping=True)
    for step in (2, 3):
        until(lambda step=step: run.status()["step"] == step - 1 and run.state == "paused")
        run.step(run.owner)
    until(lambda: run.status()["step"] == 3 and run.state == "paused")
    assert [epoch["epoch"] for epoch in run.log.epochs] == [0]
    registry.close()
    again = open_registry().find(run.id)
    again.resume(again.owner)
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


def test_a_stranger_s_wish_is_refused(registry, small):
    run = registry.start(small, "me", stepping=True)
    assert run.wait(20.0, "paused")
    step, message, wish = run.status()["step"], run.message, run.wants_rest
    wishes = [run.pause, run.resume, run.step, run.stop, partial(run.set_learning_rate, 0.5)]
    for ask in [*wishes, partial(registry.delete, run), run.check_owner]:
        for stranger in ("you", "", "ME", "me "):
            with pytest.raises(NotYours, match=f"{run.name} belongs to another browser"):
                ask(stranger)
    assert (run.state, run.message, run.wants_rest) == ("paused", message, wish)
    assert run._learning_rate is None
    run.watch()  # anyone may look
    assert (run.state, run.status()["step"]) == ("paused", step)
    run.stop("me")
    assert run.wait(20.0)
    with pytest.raises(NotYours):
        registry.delete(run, "you")
    registry.delete(run, "me")


def test_every_wish_takes_who_asks():
    """So that the next wish is not one for everybody."""
    seen = {"status", "wait", "watch", "weights", "checkpoint", "model", "model_at", "snapshots", "snapshot_bytes"}
    asked = {name for name, part in vars(Run).items() if isfunction(part) and not name.startswith("_")} - seen
    by_the_scheduler = {"wants_turn", "unwatched_seconds", "take_turn", "new_learning_rate", "count_steps"}
    for name in asked - by_the_scheduler:
        assert signature(getattr(Run, name)).parameters["by"].default is Parameter.empty, name


def test_paused_runs_that_nobody_has_watched_for_an_hour_take_no_place(open_registry, small, monkeypatch):
    registry = open_registry(max_queued_each=3, max_queued=2)
    mine = [registry.start(small, owner, stepping=True) for owner in ("me", "you")]
    assert all(run.wait(20.0, "paused") for run in mine)
    with pytest.raises(TooMuch, match="Too many runs are open on this machine"):
        registry.start(small, "another")
    mine[0]._watched -= 3_601
    third = registry.start(small, "another", stepping=True)
    assert third.wait(20.0, "paused")
    with pytest.raises(TooMuch, match="Too many runs are open on this machine"):
        registry.start(small, "me")
    mine[0].watch()  # somebody looks again: it is still there, and goes on
    assert registry.find(mine[0].id) is mine[0]
    mine[0].step("me")
    assert mine[0].wait(20.0, "paused")


def test_a_browser_finds_its_own_runs_among_many_newer_ones(registry, small):
    mine = registry._store.create("mine", "me", small, "run {}".format)
    for number in range(8):
        registry._store.create(f"other{number}", "you", small, "run {}".format)
    assert [run.id for run in registry.newest(5, "me")] == [*(f"other{number}" for number in (7, 6, 5, 4, 3)), mine.id]
    assert len(registry.newest(5)) == 5


def test_a_run_that_is_asked_for_while_it_is_deleted_leaves_no_ghost(registry, small, monkeypatch):
    run, seen = finished(registry, small), []
    real = registry._store.delete
    monkeypatch.setattr(registry._store, "delete", lambda run_id: (seen.append(registry.find(run_id)), real(run_id)))
    registry.delete(run, "me")
    assert seen == [None]
    assert registry.find(run.id) is None
    assert registry.newest() == []


def test_a_browser_finds_its_own_runs_however_many_newer_ones_others_have(open_registry, small):
    registry = open_registry()
    mine = finished(registry, small, "me")
    theirs = [finished(registry, small, "you") for _ in range(3)]
    assert [run.id for run in registry.newest(2, "me")] == [theirs[2].id, theirs[1].id, mine.id]
    assert [run.id for run in registry.newest(2)] == [theirs[2].id, theirs[1].id]
