"""Every door to what a teacher has turned off: starts, experiments, searches, steering, own sets, deletions."""

import pytest
import torch

from lib.classroom import Room
from lib.datasets.loaded import delete
from lib.datasets.own import find_own, save_own
from lib.datasets.travel import open_own
from lib.experiments import Coordinator, Planned
from lib.experiments.finder import Finder
from lib.runs import NotYours, TooMuch
from lib.runs.space import Clearable
from tests.classroom.people import ADA, BOB, TEACHER, config, key

OFF = "turned"


def drawn():
    """Two classes of eight pictures that differ."""
    pictures = torch.randint(0, 255, (16, 1, 28, 28), generator=torch.Generator().manual_seed(3), dtype=torch.uint8)
    return {"left": list(pictures[:8]), "right": list(pictures[8:])}


@pytest.fixture
def coordinator(registry, tmp_path):
    return Coordinator(registry, tmp_path / "home")  # the registry closes it


def planned(several):
    return [Planned(panel="a", label=str(place), config=each) for place, each in enumerate(several)]


CHANGES = [
    ("optimizer", {"optimizer": "sgd"}), ("learning_rate", {"learning_rate": 0.3}), ("epochs", {"epochs": 7}),
    ("batch_size", {"batch_size": 8}), ("loss", {"loss": "mse"}), ("schedule", {"schedule": "cosine"}),
    ("weight_decay", {"weight_decay": 0.1}), ("augment", {"augment": True}), ("time_budget", {"time_budget": 5.0}),
]  # fmt: skip


@pytest.mark.parametrize(("control", "change"), CHANGES)
def test_no_way_leads_around_a_control_that_is_off(registry, teacher, coordinator, control, change):
    """The value that the teacher had when she turned it off is the class's; any other starts nothing."""
    forbidden, runs = config(**change), len(registry.newest())
    teacher.allow(control, False, config())
    for start in (
        lambda: registry.start(forbidden, ADA),
        lambda: registry.start(forbidden, ADA, stepping=True),
        lambda: coordinator.start("panel", "all", planned([config(), forbidden]), ADA),
        lambda: Finder(lambda: registry.doors).start(forbidden, ADA),
    ):
        with pytest.raises(TooMuch, match=OFF):
            start()
    assert len(registry.newest()) == runs
    assert coordinator.newest() == []
    assert registry.start(config(), ADA)
    assert registry.start(forbidden, TEACHER)
    teacher.allow(control, True)
    assert registry.start(forbidden, BOB)


def test_what_the_teacher_sends_may_be_trained_though_its_control_is_off(registry, teacher):
    teacher.allow("optimizer", False, config())
    sent = config(optimizer="sgd", learning_rate=0.3)
    teacher.send("train", {}, configs=[sent])
    assert registry.start(sent, ADA)
    with pytest.raises(TooMuch, match=OFF):
        registry.start(config(optimizer="rmsprop"), ADA)


def test_what_differs_is_named_and_put_back(teacher, room):
    teacher.allow("optimizer", False, config())
    teacher.allow("batch_size", False, config())
    mine = config(optimizer="sgd", learning_rate=0.3)
    assert room.not_now(ADA, mine) == ("optimizer",)
    assert room.not_now(TEACHER, mine) == ()
    assert room.as_allowed(ADA, mine) == config(learning_rate=0.3)


def test_the_class_s_values_are_there_next_week(room, teacher, tmp_path):
    teacher.allow("layers", False, config())
    again = Room(tmp_path / "home")
    assert again.not_now(ADA, config()) == ()
    other = config().model_copy(update={"model": config().model.model_copy(update={"layers": ()})})
    assert again.not_now(ADA, other) == ("layers",)


def test_a_rate_that_is_off_cannot_be_turned_while_a_run_goes(registry, teacher):
    run = registry.start(config(), ADA)
    registry.doors.steer(run, 0.02, ADA)
    teacher.allow("learning_rate", False, config())
    with pytest.raises(NotYours, match=OFF):
        registry.doors.steer(run, 0.03, ADA)


def test_limits_hold_for_experiments_and_searches_and_for_who_is_outside(registry, teacher, coordinator, room):
    teacher.limit("thirty")
    for start in (
        lambda each, who: coordinator.start("panel", "all", planned([each]), who),
        lambda each, who: Finder(lambda: registry.doors).start(each, who),
    ):
        with pytest.raises(TooMuch, match="In a class of 30"):
            start(config(batch_size=512, epochs=2), ADA)
        with pytest.raises(TooMuch, match="open for a class"):
            start(config(batch_size=8, epochs=2), "Z" * 22)
    teacher.remove(key(room, BOB))
    with pytest.raises(TooMuch):
        coordinator.start("panel", "all", planned([config(batch_size=8, epochs=2)]), BOB)


def test_own_sets_are_neither_made_nor_brought_nor_deleted_where_that_is_off(teacher, registry):
    kept = save_own("mine", "drawing", drawn(), ADA)
    teacher.allow("own_classes", False)
    with pytest.raises(ValueError, match=OFF):
        save_own("other", "drawing", {name: each[::-1][:6] for name, each in drawn().items()}, ADA)
    teacher.allow("uploads", False)
    with pytest.raises(ValueError, match=OFF):
        open_own("x.safetensors", b"", ADA)
    teacher.allow("deleting", False)
    with pytest.raises(NotYours, match=OFF):
        delete(kept.name, ADA)
    found = find_own(kept.name)
    assert found is not None
    assert not found.deleted
    assert save_own("the teacher's", "drawing", drawn(), TEACHER)


def test_nothing_is_cleared_away_where_deleting_is_off(registry, teacher, coordinator, tmp_path):
    run = registry.start(config(epochs=1, batch_size=50), ADA)
    assert run.wait(30)
    left = tmp_path / "left.bin"
    left.write_bytes(b"x")
    teacher.allow("deleting", False)
    for wanted in (Clearable((run.id,), (), 0), Clearable((), (left,), 0)):
        with pytest.raises(NotYours, match=OFF):
            registry.clear_away(wanted, ADA)
    assert registry.find(run.id) is run
    assert left.exists()
    assert registry.clear_away(Clearable((run.id,), (), 0), TEACHER) == 0  # not hers
    assert registry.clear_away(registry.space.clearable(TEACHER), TEACHER) == 0
