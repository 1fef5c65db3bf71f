"""A home under faults, many times over: real server processes, a real page, a curve as if nothing had happened."""

import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from lib.runs.store import Store
from tests.e2e.complaints import Complaints
from tests.e2e.served import ROOT, serve
from tests.e2e.test_home import TRAIN, points_of, started, state_of, until
from tests.e2e.test_restart import AWAY

pytestmark = [pytest.mark.e2e, pytest.mark.soak]

ROUNDS = int(os.environ.get("ROUNDS", "50"))
LONG = TRAIN.replace("epochs=200", f"epochs={max(24, 4 * ROUNDS)}")

# Trains a run's set-up without a break, in a process and a home of its own.
UNBROKEN = """
import sys
from pathlib import Path
from lib import RunConfig
from lib.runs import Registry

registry = Registry(Path(sys.argv[1]))
run = registry.start(RunConfig.model_validate_json(sys.argv[2]), "me")
assert run.wait(1_200), "too slow"
registry.close()
print(run.id)
"""


def told(home: Path, run_id: str) -> tuple[list[dict[str, float]], dict[str, bytes]]:
    """The epochs of a run, without what a clock measured, and its weights to the last bit."""
    store = Store(home, "read")
    epochs, unreadable = store.entries(run_id, "epoch")
    kept = store.load_checkpoint(run_id)
    store.close()
    assert unreadable == 0
    assert kept is not None
    weights = {name: value.numpy().tobytes() for name, value in kept.weights()[1].items()}
    return [{name: value for name, value in each.items() if name != "seconds"} for each in epochs], weights


def unbroken(home: Path, like: Path, run_id: str) -> tuple[list[dict[str, float]], dict[str, bytes]]:
    """The same run without a break; `like` is the home that knows which arithmetic was chosen."""
    home.mkdir()
    shutil.copy(like / "calibration.json", home)
    store = Store(like, "read")
    config = store.find(run_id).config.model_dump_json()
    store.close()
    command = [sys.executable, "-c", UNBROKEN, str(home), config]
    environment = os.environ | {"GLASSHOUSE_HOME": str(home)}
    made = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return told(home, made.stdout.strip())


def test_whenever_it_is_killed_it_goes_on_bit_for_bit(
    tmp_path: Path, visit: Callable[..., Page], complaints: Complaints
) -> None:
    """Killed at random moments, so also while a checkpoint, a snapshot or a point is being written."""
    complaints.forgiven += AWAY
    moments, home = random.Random(0), tmp_path / "home"
    with serve(home) as server:
        page = visit(server.address + LONG)
        run_id = started(page)
        context = page.context
        for number in range(ROUNDS):
            time.sleep(moments.uniform(0.05, 2.0))
            server.kill()
            before = points_of(home, run_id)
            page.close()
            server.start()
            page = visit(f"{server.address}/train?run={run_id}", context=context)
            if state_of(home, run_id) == "finished":
                break
            resume = page.get_by_role("button", name="Resume", exact=True)
            expect(resume).to_be_enabled(timeout=60_000)
            said = page.get_by_text("Interrupted when Glasshouse stopped", exact=False).first
            expect(said).to_be_visible(timeout=60_000)
            assert points_of(home, run_id) == before, f"round {number}: points were lost"
            resume.click()
            until(lambda: state_of(home, run_id) != "paused")
        until(lambda: state_of(home, run_id) == "finished", 1_200)
        expect(page.get_by_text("Test accuracy", exact=False).first).to_be_visible(timeout=60_000)
    assert told(home, run_id) == unbroken(tmp_path / "other", home, run_id)
