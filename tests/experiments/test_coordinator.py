"""Experiments belong to the process: they go on, end, are cancelled, survive a restart, and never flood the queue."""

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from lib.config import MAX_EPOCHS, Dense, Flatten, ModelConfig, RunConfig
from lib.experiments import Coordinator, Experiment
from lib.experiments import coordinator as module
from lib.experiments.designs import batch_contest, optimizer_contest, rate_race, with_train
from lib.experiments.files import Shelf
from lib.runs import NotYours, Registry, TooMuch
from lib.runs.registry import _INTERRUPTED
from lib.ui.words.telling import tell
from tests.in_english import read

House = tuple[Registry, Coordinator]
Until = Callable[[Callable[[], bool]], None]
LONG = 60.0


@pytest.fixture
def endless(base: RunConfig) -> RunConfig:
    """Not over before the test wants it to be."""
    return with_train(base, epochs=MAX_EPOCHS, batch_size=1)


def found(coordinator: Coordinator, experiment: Experiment) -> Experiment:
    now = coordinator.find(experiment.id)
    assert now is not None
    return now


def test_all_runs_end_and_every_result_is_the_runs_own(house: House, base: RunConfig) -> None:
    registry, coordinator = house
    experiment = coordinator.start(
        "optimizers", "Optimizers", optimizer_contest(base, ("sgd", "adam"), usual_rates=True), "me"
    )
    assert not experiment.has_ended
    assert coordinator.wait(experiment.id, LONG)
    ended = found(coordinator, experiment)
    assert ended.state == "finished"
    assert ended.verdict is not None
    assert coordinator.progress(experiment.id) == module.Progress(1.0, 2, 2, None)
    for member in ended.members:
        assert member.run is not None
        assert member.result is not None
        run = registry.find(member.run)
        assert run is not None
        assert run.config == member.config
        assert run.owner == "me"
        assert run.tested is not None
        assert member.result.test_accuracy == run.tested.accuracy
        assert member.result.test_loss == run.tested.loss
        assert member.result.valid_accuracy == run.log.epochs[-1]["valid_accuracy"]
        assert member.result.steps == 19 * 4
        assert member.result.seconds == run.status()["seconds"]


def test_equal_seeds_give_equal_starts_and_batches(house: House, base: RunConfig) -> None:
    """Two members with one and the same rate would be one and the same run: what differs is only what was asked."""
    registry, coordinator = house
    planned = rate_race(base, (0.001, 0.003))
    same = [planned[0], planned[0].model_copy(update={"panel": "again"}), planned[1]]
    experiment = coordinator.start("rates", "Race", same, "me")
    assert coordinator.wait(experiment.id, LONG)
    runs = [registry.find(member.run or "") for member in found(coordinator, experiment).members]
    losses = [[epoch["valid_loss"] for epoch in run.log.epochs] for run in runs if run]
    assert losses[0] == losses[1]
    assert losses[0][0] == losses[2][0]  # the random start
    assert losses[0][1:] != losses[2][1:]


def test_no_more_members_at_once_than_asked_for(house: House, endless: RunConfig, until: Until) -> None:
    registry, coordinator = house
    experiment = coordinator.start("rates", "Race", rate_race(endless, (0.001, 0.01, 0.1)), "me", at_once=2)
    until(lambda: sum(member.is_open for member in found(coordinator, experiment).members) == 2)
    time.sleep(0.4)
    assert sum(member.is_waiting for member in found(coordinator, experiment).members) == 1
    first = registry.find(found(coordinator, experiment).members[0].run or "")
    assert first is not None
    first.stop(first.owner)
    until(lambda: not any(member.is_waiting for member in found(coordinator, experiment).members))
    assert found(coordinator, experiment).members[0].result is not None
    coordinator.cancel(experiment.id, experiment.owner)
    assert coordinator.wait(experiment.id, LONG)


def test_a_full_queue_makes_it_wait_in_words(
    open_house: Callable[..., House], endless: RunConfig, base: RunConfig, until: Until
) -> None:
    registry, coordinator = open_house(max_queued_each=2)
    mine = registry.start(endless, "me")
    experiment = coordinator.start("rates", "Race", rate_race(endless, (0.001, 0.01, 0.1)), "me")
    until(lambda: found(coordinator, experiment).message is not None)
    assert "You have 2 runs open" in tell(found(coordinator, experiment).message or "")
    mine.stop(mine.owner)
    until(lambda: sum(member.is_open for member in found(coordinator, experiment).members) == 2)
    coordinator.cancel(experiment.id, experiment.owner)
    assert coordinator.wait(experiment.id, LONG)


def test_cancel_stops_its_runs_and_starts_no_more(house: House, endless: RunConfig, until: Until) -> None:
    registry, coordinator = house
    experiment = coordinator.start("rates", "Race", rate_race(endless, (0.001, 0.01, 0.1)), "me", at_once=2)
    until(lambda: sum(member.is_open for member in found(coordinator, experiment).members) == 2)
    coordinator.cancel(experiment.id, experiment.owner)
    assert coordinator.wait(experiment.id, LONG)
    ended = found(coordinator, experiment)
    assert ended.state == "cancelled"
    assert ended.verdict is None
    assert "0 of 3 runs were done" in tell(ended.message or "")
    assert ended.members[2].run is None
    runs = [registry.find(member.run or "") for member in ended.members[:2]]
    assert all(run and run.wait(LONG) and run.state == "stopped" for run in runs)


def test_it_goes_on_after_a_restart(
    open_house: Callable[..., House], base: RunConfig, endless: RunConfig, until: Until
) -> None:
    registry, coordinator = open_house()
    short, long = rate_race(base, (0.003,)), rate_race(endless, (0.001,))
    planned = [*short, *long, *rate_race(base, (0.01,))]
    experiment = coordinator.start("rates", "Race", planned, "me", at_once=1)
    until(lambda: found(coordinator, experiment).members[1].is_open)
    middle = registry.find(found(coordinator, experiment).members[1].run or "")
    assert middle is not None
    until(lambda: len(middle.log.points) > 3)
    registry.close()

    registry, coordinator = open_house()
    again = registry.find(middle.id)
    assert again is not None
    taken_up = found(coordinator, experiment)
    assert taken_up.members[0].result is not None
    assert taken_up.members[0].result.test_accuracy is not None
    assert taken_up.members[2].is_waiting
    until(lambda: again.state == "running")  # it was paused by the restart, and nobody had to press Resume
    assert again.message != _INTERRUPTED
    before = len(again.log.points)
    until(lambda: len(again.log.points) > before)
    again.stop(again.owner)
    assert coordinator.wait(experiment.id, LONG)
    ended = found(coordinator, experiment)
    assert ended.state == "finished"
    assert [member.result.state for member in ended.members if member.result] == ["finished", "stopped", "finished"]


def test_a_run_that_ended_just_before_the_restart_is_tested_again(
    open_house: Callable[..., House], base: RunConfig, tmp_path: Path
) -> None:
    registry, coordinator = open_house()
    experiment = coordinator.start("rates", "Race", rate_race(base, (0.003,)), "me")
    assert coordinator.wait(experiment.id, LONG)
    ended = found(coordinator, experiment)
    result = ended.members[0].result
    assert result is not None
    registry.close()
    # As if the process had died before the result was noted.
    shelf = Shelf(tmp_path / "home" / "experiments")
    shelf.save(ended.with_member(0, result=None).model_copy(update={"state": "running", "verdict": None}))
    _, coordinator = open_house()
    assert coordinator.wait(experiment.id, LONG)
    assert found(coordinator, experiment).members[0].result == result


@pytest.mark.parametrize("test_was_kept", [True, False])
def test_a_member_whose_weights_are_damaged_is_never_judged_by_random_ones(
    open_house: Callable[..., House], base: RunConfig, tmp_path: Path, test_was_kept: bool
) -> None:
    """What was measured at its end counts on; where that was not kept either, it came to no result."""
    registry, coordinator = open_house()
    planned = optimizer_contest(base, ("sgd", "adam"), usual_rates=True)
    experiment = coordinator.start("optimizers", "Optimizers", planned, "me")
    assert coordinator.wait(experiment.id, LONG)
    ended = found(coordinator, experiment)
    lost = ended.members[0]
    assert lost.result is not None
    registry.close()
    for file in (tmp_path / "home" / "runs" / str(lost.run)).glob("*.safetensors"):
        file.write_bytes(file.read_bytes()[:-200] + bytes(200))
    if not test_was_kept:  # as an older version left it
        with closing(sqlite3.connect(tmp_path / "home" / "runs.sqlite")) as kept, kept:
            kept.execute("UPDATE runs SET result = json_remove(result, '$.tested') WHERE id = ?", (lost.run,))
    again = ended
    for place in range(len(ended.members)):
        again = again.with_member(place, result=None)
    shelf = Shelf(tmp_path / "home" / "experiments")
    shelf.save(again.model_copy(update={"state": "running", "verdict": None}))

    registry, coordinator = open_house()
    assert coordinator.wait(experiment.id, LONG)
    now = found(coordinator, experiment)
    run = registry.find(str(lost.run))
    assert run is not None
    assert run.weights() is None
    assert now.state == "finished"
    assert now.verdict is not None
    result = now.members[0].result
    assert result is not None
    assert not result.has_diverged
    if test_was_kept:
        assert result == lost.result
        assert now.verdict.panels.keys() == {each.panel for each in planned}
        return
    assert (result.test_accuracy, result.test_loss) == (None, None)
    assert now.verdict.panels[lost.panel].word == "no result"
    assert f"{lost.panel} came to no result" in read(now.verdict)
    assert "diverged" not in read(now.verdict)


def test_one_experiment_at_a_time_for_each_browser(house: House, endless: RunConfig) -> None:
    _, coordinator = house
    first = coordinator.start("rates", "My race", rate_race(endless, (0.001, 0.01)), "me")
    with pytest.raises(TooMuch, match="“My race” is still going"):
        coordinator.start("rates", "Another", rate_race(endless, (0.001, 0.01)), "me")
    other = coordinator.start("rates", "Theirs", rate_race(endless, (0.001, 0.01)), "somebody else")
    assert [each.title for each in coordinator.newest()] == ["Theirs", "My race"]
    for experiment in (first, other):
        coordinator.cancel(experiment.id, experiment.owner)
        assert coordinator.wait(experiment.id, LONG)


def test_what_cannot_start_is_refused_before_anything_does(house: House, base: RunConfig) -> None:
    registry, coordinator = house
    huge = base.model_copy(update={"model": ModelConfig(layers=(Flatten(), Dense(4096), Dense(4096), Dense(4096)))})
    with pytest.raises(TooMuch, match="parameters"):
        coordinator.start("batches", "Batches", [*batch_contest(base, (8,)), *batch_contest(huge, (8,))], "me")
    nowhere = base.model_copy(update={"data": base.data.model_copy(update={"name": "mnist", "train_size": None})})
    with pytest.raises(ValueError, match="not on this machine"):
        coordinator.start("batches", "Batches", batch_contest(nowhere, (8,)), "me")
    with pytest.raises(TooMuch, match="between 1 and 40"):
        coordinator.start("batches", "Batches", [], "me")
    assert registry.newest() == []
    assert coordinator.newest() == []


def test_nobody_watching_it_rests_and_goes_on(
    open_house: Callable[..., House], base: RunConfig, endless: RunConfig, until: Until
) -> None:
    registry, coordinator = open_house(lease_seconds=0.3)
    planned = [*rate_race(endless, (0.001,)), *rate_race(base, (0.01,))]
    experiment = coordinator.start("rates", "Race", planned, "me", at_once=1)
    until(lambda: "nobody watched" in tell(found(coordinator, experiment).message or ""))
    run = registry.find(found(coordinator, experiment).members[0].run or "")
    assert run is not None
    until(lambda: run.state == "paused")
    coordinator.watch(experiment.id)
    until(lambda: run.state == "running")
    coordinator.cancel(experiment.id, experiment.owner)
    assert coordinator.wait(experiment.id, LONG)


def test_delete_takes_the_runs_along(house: House, base: RunConfig, endless: RunConfig) -> None:
    registry, coordinator = house
    experiment = coordinator.start("rates", "Race", rate_race(base, (0.001, 0.01)), "me")
    assert coordinator.wait(experiment.id, LONG)
    coordinator.delete(experiment.id, experiment.owner)
    assert coordinator.find(experiment.id) is None
    assert registry.newest() == []
    going = coordinator.start("rates", "Race", rate_race(endless, (0.001, 0.01)), "me")
    with pytest.raises(ValueError, match="Cancel it first"):
        coordinator.delete(going.id, going.owner)
    for ask in (coordinator.cancel, coordinator.delete):
        with pytest.raises(NotYours, match="“Race” belongs to another browser"):
            ask(going.id, "you")
    assert not found(coordinator, going).has_ended
    coordinator.cancel(going.id, going.owner)
    assert coordinator.wait(going.id, LONG)
    with pytest.raises(NotYours):
        coordinator.delete(going.id, "you")


def test_a_deleted_run_does_not_hold_it_up(house: House, base: RunConfig, endless: RunConfig, until: Until) -> None:
    registry, coordinator = house
    planned = [*rate_race(endless, (0.001,)), *rate_race(base, (0.01,))]
    experiment = coordinator.start("rates", "Race", planned, "me", at_once=2)
    until(lambda: found(coordinator, experiment).members[0].is_open)
    registry._store.delete(found(coordinator, experiment).members[0].run or "")
    registry._runs.pop(found(coordinator, experiment).members[0].run or "").stop("me")
    assert coordinator.wait(experiment.id, LONG)
    ended = found(coordinator, experiment)
    assert ended.state == "finished"
    assert tell(ended.members[0].note or "") == "This run was deleted."


def test_an_experiment_that_breaks_says_so_and_others_go_on(
    house: House, base: RunConfig, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    _, coordinator = house
    monkeypatch.setattr("lib.experiments.under_way.judge", lambda *_: 1 / 0)
    first = coordinator.start("rates", "Race", rate_race(base, (0.01,)), "me")
    assert coordinator.wait(first.id, LONG)
    assert found(coordinator, first).state == "failed"
    assert "division by zero" in tell(found(coordinator, first).message or "")
    monkeypatch.undo()


def test_a_damaged_file_is_left_alone(
    open_house: Callable[..., House], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "home" / "experiments"
    folder.mkdir(parents=True)
    (folder / "abcdefgh.json").write_text('{"id": "abcdefgh"')
    (folder / "bytes.json").write_bytes(b"\xff\xfe")
    _, coordinator = open_house()
    assert coordinator.newest() == []
    assert "abcdefgh.json is no experiment" in caplog.text
    assert (folder / "abcdefgh.json").exists()


def test_the_shelf_writes_all_or_nothing(tmp_path: Path, base: RunConfig) -> None:
    shelf = Shelf(tmp_path)
    planned = rate_race(base, (0.001, 0.01))
    experiment = Experiment(
        id="abcd1234", kind="rates", title="Race", owner="me", created=1.0,
        members=tuple(module.Member(**each.model_dump()) for each in planned),
    )  # fmt: skip
    shelf.save(experiment)
    assert shelf.load_all() == [experiment]
    with pytest.raises(ValueError, match="no id"):
        shelf.delete("../../etc")
    shelf.delete("abcd1234")
    shelf.delete("abcd1234")
    assert shelf.load_all() == []
