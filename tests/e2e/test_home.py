"""A home under a real server: whose it is, how the server ends, and what the page says when the disk does not do it."""

import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.complaints import Complaints
from tests.e2e.kept import (
    DAMAGES,
    ENDLESS,
    Watched,
    place_for,
    points_of,
    positions,
    reading,
    refuse,
    state_of,
    wait_until_it_saves,
)
from tests.e2e.screens import until
from tests.e2e.served import ROOT, Served, serve
from tests.e2e.test_restart import AWAY

pytestmark = pytest.mark.e2e


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_server_in_time_and_everything_is_saved(
    tmp_path: Path, visit: Callable[..., Page], complaints: Complaints, how: signal.Signals
) -> None:
    complaints.forgiven += AWAY
    home = tmp_path / "home"
    with serve(home) as server:
        watched = Watched(server, visit, ENDLESS)
        ended_in_time(watched, how)
        watched.again()
        until(lambda: watched.shown == points_of(home, watched.id), "the curve up to the last step")
        watched.resume()
        watched.stop()


def ended_in_time(watched: Watched, how: signal.Signals) -> float:
    """Send a signal while a page watches; the server ends well, and in its home lies the last step. Seconds taken."""
    before, began = slowness(), time.monotonic()
    assert watched.server.stop(how=how) == 0
    took = time.monotonic() - began
    assert took < 3 * max(before, slowness())
    assert "Aborted" not in watched.server.log
    with reading(watched.home) as store:
        row, kept = store.find(watched.id), store.load_checkpoint(watched.id)
    assert row.state in ("paused", "finished")
    assert kept.counters["published"] == row.result["counters"]
    position = kept.counters["epoch"] - 1 + kept.counters["batch"] / row.result["counters"]["steps_per_epoch"]
    assert positions(watched.home, watched.id)[-1] == pytest.approx(position, abs=1e-4)  # to the last step
    return took


def slowness() -> float:
    """How much longer than alone things take here: other programs share the machine."""
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", "sum(range(3_000_000))"], check=True)
    return max(1.0, (time.perf_counter() - began) / 0.15)


def test_killed_while_it_saves_it_is_shown_as_it_was_and_goes_on(
    tmp_path: Path, visit: Callable[..., Page], complaints: Complaints
) -> None:
    complaints.forgiven += AWAY
    with serve(tmp_path / "home") as server:
        watched = Watched(server, visit, ENDLESS)
        wait_until_it_saves(watched.home, watched.id)
        killed(watched)
        watched.resume()
        watched.stop()


def killed(watched: Watched) -> None:
    """Kill the server and serve again: the page says what happened, and no point is lost."""
    watched.server.kill()
    before, was = points_of(watched.home, watched.id), state_of(watched.home, watched.id)
    watched.again()
    if was == "finished":
        return
    watched.says(re.compile("Interrupted when Glasshouse stopped"))
    expect(watched.button("Resume")).to_be_enabled()
    assert points_of(watched.home, watched.id) == before
    until(lambda: watched.shown == before, "all points on the page")


def test_a_second_server_says_whose_home_it_is_and_ends(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with serve(home) as first:
        second_is_refused(first)
        cli = [sys.executable, "-m", "lib.cli", "fetch", "mnist", "--mirror", "http://127.0.0.1:9/"]
        told = subprocess.run(cli, cwd=ROOT, env=first._environment, capture_output=True, text=True, check=False)
        assert (told.returncode, "already serves" in told.stderr) == (1, True)
        first.kill()  # the lock dies with its process
        third = Served(home)
        try:
            third.start()
        finally:
            third.close()


def second_is_refused(first: Served) -> None:
    """Another server on the same home ends with code 1 and says why."""
    second = Served(first.home)
    assert second.launch().wait(90) == 1
    assert f"Glasshouse already serves {first.home}: process {first.pid} of" in second.log
    assert re.search(r"since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d", second.log)
    assert "Traceback" not in second.log


@pytest.mark.parametrize("kinds", [("locked", "taken away", "short files"), ("full",)], ids=" ".join)
def test_what_a_disk_refuses_costs_nothing(tmp_path: Path, visit: Callable[..., Page], kinds: tuple[str, ...]) -> None:
    with place_for(kinds[0], tmp_path) as home:
        with serve(home, forgive=["being kept", "no snapshot"]) as server:
            watched = Watched(server, visit, ENDLESS)
            for kind in kinds:
                refuse(watched, kind, 1)
            watched.stop()
        places = positions(home, watched.id)
    assert places == sorted(set(places))
    assert max(b - a for a, b in pairwise(places)) < 5


@pytest.mark.parametrize("kind", DAMAGES)
def test_damage_is_set_aside_and_the_page_says_what_was_rescued(
    tmp_path: Path, visit: Callable[..., Page], complaints: Complaints, kind: str
) -> None:
    complaints.forgiven += AWAY
    with serve(tmp_path / "home", forgive=["set-aside", "rescued", "it is kept as"]) as server:
        watched = Watched(server, visit, ENDLESS)
        until(lambda: points_of(watched.home, watched.id) > 100 or kind != "bad bytes", "a data base with a middle")
        damaged(watched, kind)
        watched.stop()


def damaged(watched: Watched, kind: str) -> None:
    """Damage a home while nobody serves it: the page says what was rescued, and the run goes on."""
    damage, sentence = DAMAGES[kind]
    assert watched.server.stop() == 0
    damage(watched.home)
    watched.again()
    if kind == "checkpoint":
        watched.resume()
        watched.says(re.compile(re.escape(sentence)))
        return
    watched.says(re.compile(re.escape(sentence)))
    watched.says(re.compile(r"runs\.sqlite\.set-aside-"))
    watched.page.get_by_role("button", name="I have read it").click()
    expect(watched.page.get_by_text(sentence)).to_be_hidden()
    watched.resume()
