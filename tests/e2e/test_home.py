"""A home under a real server: whose it is, how the server ends, and what the page says when the disk does not do it."""

import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from lib.runs.store import Store
from tests.e2e.complaints import Complaints
from tests.e2e.served import ROOT, Served, serve
from tests.e2e.test_restart import AWAY

pytestmark = pytest.mark.e2e

TRAIN = "/train?net=f-d16&data=digits&epochs=200&batch=8&lr=0.001&v=1"


def started(page: Page) -> str:
    """Press Train and wait for a curve; the run's id."""
    page.get_by_role("button", name="Train", exact=True).click()
    page.wait_for_url(re.compile(r"run="))
    expect(page.get_by_role("button", name="Pause", exact=True)).to_be_enabled()
    found = re.search(r"run=([\w-]+)", page.url)
    assert found
    return found.group(1)


def points_of(home: Path, run_id: str) -> int:
    store = Store(home, "read")
    try:
        return len(store.entries(run_id, "point")[0])
    finally:
        store.close()


def until(condition: Callable[[], object], seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.1)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_server_in_time_and_everything_is_saved(
    tmp_path: Path, visit: Callable[..., Page], complaints: Complaints, how: signal.Signals
) -> None:
    complaints.forgiven += AWAY
    home = tmp_path / "home"
    with serve(home) as server:
        page = visit(server.address + TRAIN)
        run_id = started(page)
        until(lambda: points_of(home, run_id) > 3)
        began = time.monotonic()
        assert server.stop(30, how) == 0
        assert time.monotonic() - began < 3 * slowness()
        assert "Aborted" not in server.log
    store = Store(home, "read")
    row = store.find(run_id)
    points, _ = store.entries(run_id, "point")
    kept = store.load_checkpoint(run_id)
    assert row.state == "paused"
    assert kept.counters["published"] == row.result["counters"]
    position = kept.counters["epoch"] - 1 + kept.counters["batch"] / row.result["counters"]["steps_per_epoch"]
    assert points[-1][0] == pytest.approx(position, abs=1e-4)  # to the last step
    store.close()


def slowness() -> float:
    """How much longer than alone things take here: other programs share the machine."""
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", "sum(range(3_000_000))"], check=True)
    return max(1.0, (time.perf_counter() - began) / 0.15)


def test_a_second_server_says_whose_home_it_is_and_ends(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with serve(home) as first:
        second = Served(home)
        assert second.launch().wait(90) == 1
        said = second.log_file.read_text()
        assert f"Glasshouse already serves {home}: process {first.pid} of" in said
        assert re.search(r"since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d", said)
        assert "Traceback" not in said
        cli = [sys.executable, "-m", "lib.cli", "fetch", "mnist", "--mirror", "http://127.0.0.1:9/"]
        told = subprocess.run(cli, cwd=ROOT, env=first._environment, capture_output=True, text=True, check=False)
        assert (told.returncode, "already serves" in told.stderr) == (1, True)
        first.kill()  # the lock dies with its process
        third = Served(home)
        try:
            third.start()
        finally:
            third.close()


def test_a_locked_data_base_and_a_home_that_vanishes_cost_nothing(tmp_path: Path, visit: Callable[..., Page]) -> None:
    home = tmp_path / "home"
    with serve(home, forgive=["being kept"]) as server:
        page = visit(server.address + TRAIN)
        run_id = started(page)
        until(lambda: points_of(home, run_id) > 3)
        other = sqlite3.connect(home / "runs.sqlite", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        banner = page.get_by_text("Nothing is being kept", exact=False).first
        expect(banner).to_be_visible(timeout=60_000)
        before = points_of(home, run_id)
        time.sleep(3)
        other.execute("ROLLBACK")
        other.close()
        until(lambda: points_of(home, run_id) > before + 3)

        away = tmp_path / "away"
        home.rename(away)
        until(lambda: "gone: " in server.log)
        assert not home.exists()
        before = points_of(away, run_id)
        time.sleep(2)
        away.rename(home)
        until(lambda: points_of(home, run_id) > before + 3)
        page.get_by_role("button", name="Stop", exact=True).click()
        until(lambda: state_of(home, run_id) == "stopped")
        page.close()  # before its server goes
    positions = [point[0] for point in all_points(home, run_id)]
    assert positions == sorted(set(positions))
    assert max(b - a for a, b in pairwise(positions)) < 5


def all_points(home: Path, run_id: str) -> list[list[float]]:
    store = Store(home, "read")
    try:
        return store.entries(run_id, "point")[0]
    finally:
        store.close()


def state_of(home: Path, run_id: str) -> str:
    store = Store(home, "read")
    try:
        return store.find(run_id).state
    finally:
        store.close()


def test_a_damaged_data_base_is_set_aside_and_the_page_says_what_was_rescued(
    tmp_path: Path, visit: Callable[..., Page], complaints: Complaints
) -> None:
    complaints.forgiven += AWAY
    home = tmp_path / "home"
    with serve(home) as server:
        first = visit(server.address + TRAIN)
        run_id = started(first)
        until(lambda: points_of(home, run_id) > 3)
        assert server.stop(20) == 0
    (home / "runs.sqlite").write_bytes(b"no data base at all" * 500)
    with serve(home, server.port, forgive=["set-aside", "rescued", "it is kept as"]) as server:
        page = visit(f"{server.address}/train?run={run_id}", context=first.context)
        expect(page.get_by_text("found again by the saved weights", exact=False)).to_be_visible(timeout=60_000)
        expect(page.get_by_text("runs.sqlite.set-aside-", exact=False)).to_be_visible()
        expect(page.get_by_role("button", name="Resume", exact=True)).to_be_enabled()
        page.get_by_role("button", name="I have read it").click()
        expect(page.get_by_text("found again by the saved weights", exact=False)).to_be_hidden()
