"""What a home keeps, asked from outside while a server serves it, and what may happen to one."""

import os
import random
import re
import resource
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from lib.runs.store import Store
from tests.e2e.screens import until
from tests.e2e.served import ROOT, Served

NET = "net=c4k3-m4-f-d12&data=digits&lr=0.001&v=1"
ENDLESS = f"/train?{NET}&epochs=200&batch=1"  # minutes on any machine: a test is over before

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

Epoch = dict[str, float]
Weights = dict[str, bytes]


class Watched:
    """A run under a real server, and the page that shows it: both may end and begin again."""

    def __init__(self, server: Served, visit: Callable[..., Page], link: str) -> None:
        self.server, self.home = server, server.home
        self._visit = visit
        self.page = visit(server.address + link)
        self.button("Train").click()
        self.page.wait_for_url(re.compile(r"run="))
        found = re.search(r"run=([\w-]+)", self.page.url)
        assert found
        self.id = found.group(1)
        until(lambda: points_of(self.home, self.id) > 3, "a curve on disk")

    def button(self, name: str) -> Locator:
        """One of those that steer the run; Streamlit's own head has a Stop, too, while a page takes its time."""
        return self.page.locator(".st-key-run-buttons").get_by_role("button", name=name, exact=True)

    def says(self, text: str | re.Pattern[str]) -> None:
        """Wait until the page says so."""
        expect(self.page.get_by_text(text).first).to_be_visible()

    @property
    def shown(self) -> int:
        """How many points the page has."""
        return int(self._monitor.get_attribute("data-n") or 0)

    @property
    def state(self) -> str:
        """What the page takes the run's state for."""
        return self._monitor.get_attribute("data-state") or ""

    @property
    def _monitor(self) -> Locator:
        return self.page.get_by_test_id("run-monitor")

    def again(self) -> None:
        """Serve again after an end, and open the page anew in the same browser."""
        context = self.page.context
        self.page.close()
        self.server.start()
        self.page = self._visit(f"{self.server.address}/train?run={self.id}", context=context)
        self._monitor.wait_for()

    def set_out(self) -> None:
        """Wait until the page knows that it trains."""
        until(lambda: self.state in ("running", "finished"), "a run on the page")

    def resume(self) -> None:
        """Press Resume and see it go on."""
        before = self.shown
        self.button("Resume").click()
        until(lambda: self.state == "finished" or self.shown > before, "the curve going on")

    def end(self) -> None:
        """See it end, on the page and on disk."""
        until(lambda: self.state == "finished", "the end", 1_200)
        until(lambda: state_of(self.home, self.id) == "finished", "the end on disk")
        self.says(re.compile("Test accuracy"))

    def stop(self) -> None:
        """Press Stop and see it stopped, on the page and on disk; then close the page before its server goes."""
        self.button("Stop").click()
        until(lambda: self.state == "stopped", "Stop on the page")
        until(lambda: state_of(self.home, self.id) == "stopped", "Stop on disk")
        self.page.close()


# ---- what is kept ----


@contextmanager
def reading(home: Path) -> Iterator[Store]:
    """Look into a home that somebody else serves."""
    store = Store(home, "read")
    try:
        yield store
    finally:
        store.close()


def positions(home: Path, run_id: str) -> list[float]:
    """Where the points of a run stand, in epochs."""
    with reading(home) as store:
        return [point[0] for point in store.entries(run_id, "point")[0]]


def points_of(home: Path, run_id: str) -> int:
    """How many points of a run are on disk."""
    return len(positions(home, run_id))


def state_of(home: Path, run_id: str) -> str:
    """The state of a run on disk."""
    with reading(home) as store:
        return store.find(run_id).state


def told(home: Path, run_id: str) -> tuple[list[Epoch], Weights]:
    """The epochs of a run, without what a clock measured, and its weights to the last bit."""
    with reading(home) as store:
        epochs, unreadable = store.entries(run_id, "epoch")
        kept = store.load_checkpoint(run_id)
    assert unreadable == 0
    assert kept is not None
    weights = {name: value.numpy().tobytes() for name, value in kept.weights()[1].items()}
    return [{name: value for name, value in each.items() if name != "seconds"} for each in epochs], weights


def unbroken(home: Path, like: Path, run_id: str) -> tuple[list[Epoch], Weights]:
    """The same run without a break; `like` is the home that knows which arithmetic was chosen."""
    home.mkdir()
    shutil.copy(like / "calibration.json", home)
    with reading(like) as store:
        config = store.find(run_id).config.model_dump_json()
    command = [sys.executable, "-c", UNBROKEN, str(home), config]
    environment = os.environ | {"GLASSHOUSE_HOME": str(home)}
    made = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return told(home, made.stdout.strip())


def wait_until_it_saves(home: Path, run_id: str, seconds: float = 15.0) -> None:
    """Come back in the middle of a checkpoint or a snapshot, or when the time is over."""
    folder, end = home / "runs" / run_id, time.monotonic() + seconds
    while time.monotonic() < end:
        with suppress(OSError):  # it moves while we look
            if any(name.endswith(".part") for name in os.listdir(folder)):  # noqa: PTH208 (quick)
                return


# ---- what may happen to it; each is over when the block is ----

Fault = Callable[[Served], Any]


@contextmanager
def locked(server: Served) -> Iterator[None]:
    """Another program holds the data base."""
    other = sqlite3.connect(server.home / "runs.sqlite", isolation_level=None, timeout=60)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


@contextmanager
def taken_away(server: Served) -> Iterator[None]:
    """The home is not there, as when a disk is unplugged; nobody makes one in its place."""
    away = server.home.with_name(f"{server.home.name}-away")
    server.home.rename(away)
    try:
        yield
        assert not server.home.exists()
    finally:
        away.rename(server.home)


@contextmanager
def full(server: Served) -> Iterator[None]:
    """No byte more goes onto the disk that the home is."""
    ballast = server.home / "ballast"
    with ballast.open("wb", buffering=0) as file, suppress(OSError):
        for size in (1 << 16, 1 << 10, 1):
            with suppress(OSError):
                while file.write(bytes(size)):
                    pass
    try:
        yield
    finally:
        ballast.unlink()


@contextmanager
def short_files(server: Served) -> Iterator[None]:
    """The system lets the server write no file of more than 64 kB, as a quota does."""
    _, hard = resource.prlimit(server.pid, resource.RLIMIT_FSIZE)
    before = resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (1 << 16, hard))
    try:
        yield
    finally:
        resource.prlimit(server.pid, resource.RLIMIT_FSIZE, before)


# What the page says to each.
REFUSALS: dict[str, tuple[Fault, str]] = {
    "locked": (locked, "Another program holds"),
    "taken away": (taken_away, "is not there any more"),
    "full": (full, "The disk is full"),
    "short files": (short_files, "cannot be used"),
}


@contextmanager
def place_for(kind: str, folder: Path) -> Iterator[Path]:
    """A home; for "full" a small disk of its own, which only root may mount."""
    home = folder / "home"
    home.mkdir()
    if kind != "full":
        yield home
        return
    mount = ["mount", "-t", "tmpfs", "-o", "size=8m", "glasshouse", str(home)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a disk that fills needs leave to mount a small one; `short files` is tested instead")
    try:
        yield home
    finally:
        subprocess.run(["umount", str(home)], check=True)


def refuse(watched: Watched, kind: str, seconds: float) -> None:
    """Let the disk refuse for so long: the page says so, training goes on, and afterwards all of it is on disk."""
    fault, sentence = REFUSALS[kind]
    with fault(watched.server):
        until(lambda: watched.state == "finished" or _says(watched.page, "Nothing is being kept"), "a banner")
        if watched.state != "finished":
            watched.says(sentence)
            before = watched.shown
            until(lambda: watched.state == "finished" or watched.shown > before + 3, "training that goes on")
        watched.page.wait_for_timeout(1000 * seconds)
        shown = watched.shown
    until(lambda: points_of(watched.home, watched.id) >= shown, "what waited on disk")
    until(lambda: not _says(watched.page, "Nothing is being kept"), "no banner any more")


def _says(page: Page, text: str) -> bool:
    return any(each.is_visible() for each in page.get_by_text(text).all())


# ---- damage, while nobody serves it ----


def no_data_base(home: Path) -> None:
    """Another file stands in its place."""
    (home / "runs.sqlite").write_bytes(b"no data base at all" * 500)


def bad_bytes(home: Path) -> None:
    """Three pages in the middle are noise."""
    file = home / "runs.sqlite"
    content = bytearray(file.read_bytes())
    middle = len(content) // 2 // 4096 * 4096
    assert middle >= 4 * 4096, "too little for a middle"
    content[middle : middle + 3 * 4096] = random.Random(0).randbytes(3 * 4096)
    file.write_bytes(content)


def cut_short(home: Path) -> None:
    """The last third is gone."""
    file = home / "runs.sqlite"
    os.truncate(file, file.stat().st_size * 2 // 3)


def damaged_checkpoint(home: Path) -> None:
    """One bit of each run's newest weights is another one."""
    for file in (home / "runs").glob("*/checkpoint.safetensors"):
        content = bytearray(file.read_bytes())
        content[-9] ^= 4
        file.write_bytes(content)


# What the page says to each.
DAMAGES: dict[str, tuple[Callable[[Path], None], str]] = {
    "no data base": (no_data_base, "found again by the saved weights"),
    "bad bytes": (bad_bytes, "The list of runs was damaged."),
    "cut short": (cut_short, "The list of runs was damaged."),
    "checkpoint": (damaged_checkpoint, "The newest checkpoint was damaged. It went on from iteration"),
}
