"""`kill -9` in the middle: nothing published is lost, and what follows is as if nothing had happened."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from lib.experiments.measured import result_of
from lib.runs import Limits, Registry
from lib.runs.published import WeightsLost
from lib.runs.store import Store
from tests.runs.whole_runs import without_seconds

ROOT = Path(__file__).parents[2]
STEPS = 6  # an epoch: 60 pictures, 10 at a time

SAVE_AT_BLOCK_AT = {"within an epoch": (9, 11), "at the end of an epoch": (0, 8)}

# Trains two runs in a process of its own, each until its `block_at` steps are done; tells what it has published.
CHILD = """
import json, sys, threading
from pathlib import Path

from safetensors.torch import load_file

from lib import RunConfig
from lib.datasets import scans
from lib.runs import Limits, registry
from lib.runs.places import thread

folder, config, plan = Path(sys.argv[1]), RunConfig.model_validate_json(sys.argv[2]), json.loads(sys.argv[3])
digits = load_file(folder / "digits")
scans.load_digits = lambda: [digits[name] for name in "abcd"]
registry.new_id = iter(plan).__next__
thread._PUBLISH_SECONDS = thread._POINT_PICTURES = 0  # a point for every step
thread._CHECKPOINT_SECONDS = 1e9  # only when told, and after each epoch
there = {case: threading.Event() for case in plan}
following = thread.DrivenHere.next

def next_(self, learning_rate=None):
    event = following(self, learning_rate)
    save_at, block_at = plan[self._publisher.row.id]
    if event.kind == "step_end" and event.step == save_at:
        self._keep()
    if event.kind == "step_end" and event.step == block_at:
        there[self._publisher.row.id].set()
        threading.Event().wait()
    return event

thread.DrivenHere.next = next_
opened = registry.Registry(folder, Limits(workers=2))
runs = [opened.start(config, "me") for _ in plan]
for run in runs:
    assert there[run.id].wait(120), run.message
print(json.dumps({run.id: {"points": run.log.points, "epochs": run.log.epochs} for run in runs}), flush=True)
threading.Event().wait()
"""


@pytest.fixture
def config(random_net):
    return random_net.model_copy(update={"train": random_net.train.model_copy(update={"batch_size": 10})})


@pytest.fixture(scope="module")
def killed(tmp_path_factory, _digits_once):
    """The folder of a process that was killed without warning, and what it had published; made once."""
    made = {}

    def train_and_kill(config):
        if not made:
            folder = tmp_path_factory.mktemp("killed")
            save_file(dict(zip("abcd", _digits_once, strict=True)), folder / "digits")
            arguments = [str(folder), config.model_dump_json(), json.dumps(SAVE_AT_BLOCK_AT)]
            command = [sys.executable, "-c", CHILD, *arguments]
            with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as child:
                try:
                    published = json.loads(child.stdout.readline() or "null")
                finally:
                    child.kill()  # SIGKILL
            assert published is not None, "the other process broke"
            made.update(folder=folder, published=published)
        return made["folder"], made["published"]

    return train_and_kill


def uninterrupted(folder, config):
    registry = Registry(folder, Limits())
    run = registry.start(config, "me")
    assert run.wait(120)
    registry.close()
    return run


@pytest.mark.parametrize(("case", "taken_up_at"), [("within an epoch", 9), ("at the end of an epoch", 6)])
def test_a_killed_run_is_listed_and_goes_on_bit_for_bit(
    killed, open_registry, after_event, monkeypatch, tmp_path, config, case, taken_up_at
):
    """The checkpoint was made `case`; a few more steps had been published when the end came."""
    monkeypatch.setattr("lib.runs.places.thread._PUBLISH_SECONDS", 0)  # a point for every step, here too
    monkeypatch.setattr("lib.runs.places.thread._POINT_PICTURES", 0)
    folder, everything = killed(config)
    published, block_at = everything[case], SAVE_AT_BLOCK_AT[case][1]
    positions = [point[0] for point in published["points"]]
    assert positions == pytest.approx([number / STEPS for number in range(1, block_at + 1)], abs=1e-5)

    shutil.copytree(folder, tmp_path / "home")
    registry = open_registry()
    assert [run.id for run in registry.newest()] == list(reversed(SAVE_AT_BLOCK_AT))
    run = registry.find(case)
    assert (run.owner, run.config, run.state) == ("me", config, "paused")
    assert run.message == "Interrupted when Glasshouse stopped. Press Resume to go on from the last checkpoint."
    assert run.log.points == published["points"]
    assert run.log.epochs == published["epochs"]
    assert run.weights()[0] == taken_up_at

    started = []
    after_event(lambda _driver, event: started.append(event.step) if event.kind == "run_started" else None)
    run.resume(run.owner)
    assert run.wait(120)
    assert (run.state, started) == ("finished", [taken_up_at])

    whole = uninterrupted(tmp_path / "other", config)
    assert [epoch["epoch"] for epoch in run.log.epochs] == [0, 1, 2, 3]
    assert without_seconds(run.log.epochs) == without_seconds(whole.log.epochs)
    assert run.message == whole.message
    weights, expected = run.weights()[1], whole.weights()[1]
    assert weights.keys() == expected.keys()
    assert all(torch.equal(weights[name], expected[name]) for name in expected)

    assert run.log.points == whole.log.points  # nothing is told twice
    assert len(run.log.points) == 3 * STEPS
    store = Store(tmp_path / "home")
    assert store.entries(run.id, "point") == (run.log.points, 0)
    assert store.entries(run.id, "epoch") == (run.log.epochs, 0)
    store.close()


def flipped(content):
    """One bit is another one, as on a failing disk; safetensors itself would not notice."""
    return content[:-9] + bytes([content[-9] ^ 1]) + content[-8:]


def damage_in(path, how):
    match how:
        case "truncated":
            path.write_bytes(path.read_bytes()[:-100])
        case "empty":
            path.write_bytes(b"")
        case "gone":
            path.unlink()
        case "not one of ours":
            save_file({"x": torch.zeros(1)}, path)
        case "one bit":
            path.write_bytes(flipped(path.read_bytes()))
        case "of another net":
            about = {"config": "{}", "counters": json.dumps({"step": 3, "arithmetic": None, "learning_rate": 0.1})}
            save_file({"model.0.weight": torch.zeros(3, 3), "generator": torch.zeros(1)}, path, metadata=about)


HOW = ["truncated", "empty", "gone", "not one of ours", "one bit", "of another net"]


@pytest.fixture
def half_way(open_registry, random_net):
    """A run that was closed after its fourth step, with a checkpoint before it, after an epoch: its id and folder."""

    def train(until):
        registry = open_registry()
        run = registry.start(random_net, "me", stepping=True)
        for step in range(2, 5):
            until(lambda step=step: run.status()["step"] == step - 1 and run.state == "paused")
            run.step("me")
        until(lambda: run.status()["step"] == 4 and run.state == "paused")
        registry.close()
        return run

    return train


@pytest.mark.parametrize("how", HOW)
def test_behind_a_damaged_checkpoint_is_the_one_before_it(open_registry, half_way, until, tmp_path, how, random_net):
    run = half_way(until)
    damage_in(tmp_path / "home" / "runs" / run.id / "checkpoint.safetensors", how)
    again = open_registry().find(run.id)
    assert again.status()["step"] == 4
    assert again.log.points == run.log.points
    again.step("me")
    until(lambda: again.status()["step"] > 4 and again.state == "paused")
    assert how == "gone" or "The newest checkpoint was damaged" in again.message  # and it stands there to be read
    again.resume("me")
    assert again.wait(120)
    assert again.state == "finished"
    whole = uninterrupted(tmp_path / "other", random_net)
    assert without_seconds(again.log.epochs) == without_seconds(whole.log.epochs)
    assert all(torch.equal(again.weights()[1][name], value) for name, value in whole.weights()[1].items())
    positions = [point[0] for point in again.log.points]
    assert positions == sorted(set(positions))


def test_every_damaged_checkpoint_is_kept_beside_the_whole_ones(open_registry, half_way, until, tmp_path):
    run = half_way(until)
    folder = tmp_path / "home" / "runs" / run.id
    damaged = []
    for which in (("checkpoint",), ("checkpoint",), ("checkpoint", "previous")):
        for name in which:
            path = folder / f"{name}.safetensors"
            damage_in(path, "one bit")
            damaged.append(path.read_bytes())
        registry = open_registry()
        again = registry.find(run.id)
        again.step("me")
        until(lambda: len(list(folder.glob("*.set-aside-*"))) == len(damaged))
        until(lambda again=again: again.state == "paused")
        registry.close()  # which saves
    kept = sorted(folder.glob("*.set-aside-*"))
    assert all(re.search(r"\.safetensors\.set-aside-\d{4}-\d\d-\d\d-\d{6}(-\d+)?$", path.name) for path in kept)
    assert sorted(path.read_bytes() for path in kept) == sorted(damaged)


def test_where_no_checkpoint_is_whole_a_snapshot_is(open_registry, half_way, until, tmp_path):
    run = half_way(until)
    for name in ("checkpoint", "previous"):
        damage_in(tmp_path / "home" / "runs" / run.id / f"{name}.safetensors", "one bit")
    again = open_registry().find(run.id)
    with pytest.raises(WeightsLost, match="cannot be read"):
        again.model()
    said = []
    again.step("me")
    until(lambda: again.status()["step"] == 5 or said.append(again.message))
    assert any("went on with the weights of iteration 4" in each for each in said if each)
    assert again.log.points[: len(run.log.points)] == run.log.points
    again.resume("me")
    assert again.wait(120)
    assert (again.state, [epoch["epoch"] for epoch in again.log.epochs]) == ("finished", [0, 1, 2, 3])


def test_where_nothing_is_whole_it_begins_again_and_says_so(open_registry, half_way, until, tmp_path):
    run = half_way(until)
    for path in (tmp_path / "home" / "runs" / run.id).rglob("*.safetensors"):
        damage_in(path, "truncated")
    again = open_registry().find(run.id)
    said = []
    again.step("me")
    until(lambda: again.status()["step"] == 1 or said.append(again.message))
    assert "Nothing whole was left of its weights, so it began again." in said


@pytest.mark.parametrize("how", HOW)
def test_a_finished_run_without_weights_is_never_the_random_net(open_registry, small, tmp_path, how):
    registry = open_registry()
    run = registry.start(small, "me")
    assert run.wait(120)
    registry.close()
    damage_in(tmp_path / "home" / "runs" / run.id / "checkpoint.safetensors", how)
    again = open_registry().find(run.id)
    with pytest.raises(WeightsLost, match=f"The weights of {run.name} cannot be read"):
        again.model()
    assert again.weights() is None
    assert again.test_numbers == run.test_numbers
    assert again.test_numbers["accuracy"] == run.tested.accuracy
    assert again.status()["step"] == run.status()["step"] == 6
    assert again.glimpse == json.loads(json.dumps(run.glimpse))
    found = result_of(again)
    assert (found.steps, found.test_accuracy, found.test_loss) == (6, run.tested.accuracy, run.tested.loss)
