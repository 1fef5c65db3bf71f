"""`kill -9` in the middle: nothing published is lost, and what follows is as if nothing had happened."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from lib.runs import Limits, Registry
from lib.runs.store import Store

ROOT = Path(__file__).parents[2]
STEPS = 6  # an epoch: 60 pictures, 10 at a time

# Trains in a process of its own until `block_at` steps are done, tells what it has published, and waits for the end.
CHILD = """
import json, sys, threading
from pathlib import Path

from lib import RunConfig
from lib.runs import Limits, Registry, driver

folder, config, save_at, block_at = sys.argv[1:]
save_at, block_at = int(save_at), int(block_at)
driver._PUBLISH_SECONDS = 0.0  # a point for every step
driver._CHECKPOINT_SECONDS = 1e9  # only when told, and after each epoch
there = threading.Event()
following = driver.Driver.next

def next_(self, learning_rate=None):
    event = following(self, learning_rate)
    if event.kind == "step_end" and event.step == save_at:
        self._save()
    if event.kind == "step_end" and event.step == block_at:
        there.set()
        threading.Event().wait()
    return event

driver.Driver.next = next_
registry = Registry(Path(folder), Limits())
run = registry.start(RunConfig.model_validate_json(config), "me")
assert there.wait(60), run.message
print(json.dumps({"id": run.id, "points": run.log.points, "epochs": run.log.epochs}), flush=True)
threading.Event().wait()
"""


@pytest.fixture
def config(random_net):
    return random_net.model_copy(update={"train": random_net.train.model_copy(update={"batch_size": 10})})


@pytest.fixture
def killed(tmp_path, config):
    """`killed(save_at, block_at)`: what a process had published when it was killed without warning."""

    def train_and_kill(save_at, block_at):
        arguments = [tmp_path / "home", config.model_dump_json(), save_at, block_at]
        command = [sys.executable, "-c", CHILD, *map(str, arguments)]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as child:
            try:
                published = json.loads(child.stdout.readline() or "null")
            finally:
                child.kill()  # SIGKILL
        assert published is not None, "the other process broke"
        return published

    return train_and_kill


def uninterrupted(folder, config):
    registry = Registry(folder, Limits())
    run = registry.start(config, "me")
    assert run.wait(30)
    registry.close()
    return run


def without_seconds(epochs):
    return [{name: value for name, value in epoch.items() if name != "seconds"} for epoch in epochs]


@pytest.mark.parametrize(
    ("save_at", "block_at", "taken_up_at"),
    [(9, 11, 9), (0, 8, 6)],
    ids=["a checkpoint within an epoch", "a checkpoint at the end of an epoch"],
)
def test_a_killed_run_is_listed_and_goes_on_bit_for_bit(
    killed, open_registry, after_event, tmp_path, config, save_at, block_at, taken_up_at
):
    published = killed(save_at, block_at)
    assert [point[0] for point in published["points"]] == pytest.approx(
        [n / STEPS for n in range(1, block_at + 1)], abs=1e-5
    )

    registry = open_registry()
    (run,) = registry.newest()
    assert (run.id, run.owner, run.config, run.state) == (published["id"], "me", config, "paused")
    assert run.message == "Interrupted when Glasshouse stopped. Press Resume to go on from the last checkpoint."
    assert run.log.points == published["points"]
    assert run.log.epochs == published["epochs"]
    assert run.weights()[0] == taken_up_at

    started = []
    after_event(lambda driver, event: started.append(event.step) if event.kind == "run_started" else None)
    run.resume()
    assert run.wait(30)
    assert (run.state, started) == ("finished", [taken_up_at])

    whole = uninterrupted(tmp_path / "other", config)
    assert [epoch["epoch"] for epoch in run.log.epochs] == [0, 1, 2, 3]
    assert without_seconds(run.log.epochs) == without_seconds(whole.log.epochs)
    assert run.message == whole.message
    weights, expected = run.weights()[1], whole.weights()[1]
    assert weights.keys() == expected.keys()
    assert all(torch.equal(weights[name], expected[name]) for name in expected)

    positions = [point[0] for point in run.log.points]
    assert positions == sorted(set(positions))  # nothing is told twice
    assert run.log.points[:taken_up_at] == published["points"][:taken_up_at]
    assert run.log.points[-1][0] == 3.0
    store = Store(tmp_path / "home")
    assert store.entries(run.id, "point") == run.log.points
    assert store.entries(run.id, "epoch") == run.log.epochs
    store.close()


@pytest.mark.parametrize("damage", ["truncated", "empty", "gone", "not one of ours"])
def test_a_damaged_checkpoint_is_never_used(open_registry, small, tmp_path, damage):
    registry = open_registry()
    run = registry.start(small, "me", stepping=True)
    assert run.wait(30, "paused")
    registry.close()
    path = tmp_path / "home" / "runs" / run.id / "checkpoint.safetensors"
    match damage:
        case "truncated":
            path.write_bytes(path.read_bytes()[:-100])
        case "empty":
            path.write_bytes(b"")
        case "gone":
            path.unlink()
        case "not one of ours":
            from safetensors.torch import save_file

            save_file({"x": torch.zeros(1)}, path)

    again = open_registry().find(run.id)
    assert again.weights() is None
    again.resume()
    assert again.wait(30)
    assert again.state == "finished"
    assert [epoch["epoch"] for epoch in again.log.epochs] == [0, 1, 2]
    assert without_seconds(again.log.epochs) == without_seconds(uninterrupted(tmp_path / "other", small).log.epochs)
    positions = [point[0] for point in again.log.points]
    assert positions == sorted(set(positions))
