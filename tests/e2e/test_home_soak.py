"""A home under faults, many times over: real server processes, a real page, a curve as if nothing had happened."""

import os
import random
import signal
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.e2e.complaints import Complaints
from tests.e2e.kept import (
    DAMAGES,
    NET,
    REFUSALS,
    Watched,
    place_for,
    refuse,
    told,
    unbroken,
    wait_until_it_saves,
)
from tests.e2e.served import serve
from tests.e2e.test_home import damaged, ended_in_time, killed, second_is_refused
from tests.e2e.test_restart import AWAY

pytestmark = [pytest.mark.e2e, pytest.mark.soak]

ROUNDS = int(os.environ.get("ROUNDS", "50"))
LONG = f"/train?{NET}&epochs={min(max(24, 4 * ROUNDS), 200)}&batch=1"  # longer than the rounds on most machines


@pytest.fixture
def moments() -> random.Random:
    """The same random moments every time."""
    return random.Random(0)


def pass_time(watched: Watched, number: int, moments: random.Random) -> None:
    """Let it train until a random moment, or, every other time, until it saves."""
    time.sleep(moments.uniform(0.05, 2.0))
    if number % 2:
        wait_until_it_saves(watched.home, watched.id)


def through_rounds(
    folder: Path,
    visit: Callable[..., Page],
    happens: Callable[[Watched, int], None],
    *,
    kind: str = "",
    forgive: Sequence[str] = (),
) -> int:
    """Let something happen to a run in each round; gives how many runs it took. kind: of a disk, see `place_for`.

    A quick machine is at the end of a run before the last round: another takes its place. Each comes out as the same
    run does that nothing happened to.
    """
    number = runs = 0
    while number < ROUNDS:
        runs += 1
        place = folder / f"place-{runs}"
        place.mkdir()
        with place_for(kind, place) as home:
            with serve(home, forgive=forgive) as server:
                watched = Watched(server, visit, LONG)
                watched.set_out()
                while number < ROUNDS and watched.state != "finished":
                    happens(watched, number)
                    number += 1
                    if watched.state == "paused":
                        watched.resume()
                watched.end()
                watched.page.close()
            assert told(home, watched.id) == unbroken(folder / f"unbroken-{runs}", home, watched.id)
    return runs


def test_whenever_it_is_killed_it_goes_on_bit_for_bit(
    tmp_path: Path, visit: Callable[..., Page], complaints: Complaints, moments: random.Random
) -> None:
    complaints.forgiven += AWAY

    def kill(watched: Watched, number: int) -> None:
        pass_time(watched, number, moments)
        killed(watched)

    print(f"{ROUNDS} times killed, {through_rounds(tmp_path, visit, kill)} runs")


def test_whenever_a_signal_comes_it_ends_in_time_and_goes_on_bit_for_bit(
    tmp_path: Path, visit: Callable[..., Page], complaints: Complaints, moments: random.Random
) -> None:
    complaints.forgiven += AWAY
    seconds = []

    def signalled(watched: Watched, number: int) -> None:
        pass_time(watched, number, moments)
        seconds.append(ended_in_time(watched, moments.choice([signal.SIGTERM, signal.SIGINT])))
        watched.again()

    runs = through_rounds(tmp_path, visit, signalled)
    print(f"{len(seconds)} signals, {runs} runs: ended after {max(seconds):.2f} s at most")


@pytest.mark.parametrize("kind", REFUSALS)
def test_however_often_the_disk_refuses_it_costs_nothing(
    tmp_path: Path, visit: Callable[..., Page], moments: random.Random, kind: str
) -> None:
    def refused(watched: Watched, number: int) -> None:
        refuse(watched, kind, 30 if number == 0 else moments.uniform(0, 4))

    runs = through_rounds(tmp_path, visit, refused, kind=kind, forgive=["being kept", "no snapshot"])
    print(f"{kind}: {ROUNDS} times, {runs} runs")


@pytest.mark.parametrize("kind", DAMAGES)
def test_whatever_is_damaged_the_rest_goes_on_bit_for_bit(
    tmp_path: Path, visit: Callable[..., Page], complaints: Complaints, kind: str
) -> None:
    complaints.forgiven += AWAY
    with serve(tmp_path / "home", forgive=["set-aside", "rescued", "it is kept as"]) as server:
        watched = Watched(server, visit, LONG)
        for _ in range(max(1, ROUNDS // 10)):
            time.sleep(5)
            damaged(watched, kind)
        watched.end()
        watched.page.close()
    epochs, weights = told(watched.home, watched.id)
    whole, last = unbroken(tmp_path / "other", watched.home, watched.id)
    assert weights == last
    assert all(each in whole for each in epochs)  # damage costs what it lies on, and what comes after it is all there
    assert epochs == whole or kind != "checkpoint"
    assert epochs[-3:] == whole[-3:]


def test_however_many_servers_want_one_home_the_first_goes_on_bit_for_bit(
    tmp_path: Path, visit: Callable[..., Page]
) -> None:
    with serve(tmp_path / "home") as server:
        watched = Watched(server, visit, LONG)
        for _ in range(max(2, ROUNDS // 5)):
            second_is_refused(server)
        watched.end()
        watched.page.close()
    assert told(watched.home, watched.id) == unbroken(tmp_path / "other", watched.home, watched.id)
