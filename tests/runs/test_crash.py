"""`kill -9` in the middle: nothing published is lost, and what follows is as if nothing had happened."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from lib.runs import Limits, Registry
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
from lib.data import whole
from lib.runs import Limits, driver, registry

folder, config, plan = Path(sys.argv[1]), RunConfig.model_validate_json(sys.argv[2]), json.loads(sys.argv[3])
digits = load_file(folder / "digits")
whole.load_digits = lambda: [digits[name] for name in "abcd"]
registry.new_id = iter(plan).__next__
driver._PUBLISH_SECONDS = driver._POINT_PICTURES = 0  # a point for every step
driver._CHECKPOINT_SECONDS = 1e9  # only when told, and after each epoch
there = {case: threading.Event() for case in plan}
following = driver.Driver.next

def next_(self, learning_rate=None):
    event = following(self, learning_rate)
    save_at, block_at = plan[self._run_id]
    if event.kind == "step_end" and event.step == save_at:
        self._save()
    if event.kind == "step_end" and event.step == block_at:
        there[self._run_id].set()
        threading.Event().wait()
    return event

driver.Driver.next = next_
opened = registry.Registry(folder, Limits(workers=2))
runs = [opened.start(config, "me") for _ in plan]
for run in runs:
    assert there[run.id].wait(20), run.message
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
    assert run.wait(30)
    registry.close()
    return run


@pytest.mark.parametrize(("case", "taken_up_at"), [("within an epoch", 9), ("at the end of an epoch", 6)])
def test_a_killed_run_is_listed_and_goes_on_bit_for_bit(
    killed, open_registry, after_event, monkeypatch, tmp_path, config, case, taken_up_at
):
    """The checkpoint was made `case`; a few more steps had been published when the end came."""
    monkeypatch.setattr("lib.runs.driver._PUBLISH_SECONDS", 0)  # a point for every step, here too
    monkeypatch.setattr("lib.runs.driver._POINT_PICTURES", 0)
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
    assert run.wait(30)
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
            save_file({"x": torch.zeros(1)}, path)

    again = open_registry().find(run.id)
    assert again.weights() is None
    again.resume(again.owner)
    assert again.wait(30)
    assert again.state == "finished"
    assert [epoch["epoch"] for epoch in again.log.epochs] == [0, 1, 2]
    assert without_seconds(again.log.epochs) == without_seconds(uninterrupted(tmp_path / "other", small).log.epochs)
    positions = [point[0] for point in again.log.points]
    assert positions == sorted(set(positions))
