"""The engine as people use it: the dashboard as a child process, a run started on its Train page, one viewer."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from time import monotonic
from typing import Any
from urllib.parse import parse_qs, urlencode

from bench.contestants.turns import WARM_UP
from bench.page import Page
from lib.config import RunConfig
from lib.home.place import home
from lib.models import summarize
from lib.models.shapes import Shape
from lib.ui.setup.link import to_link

ROOT = Path(__file__).parents[1]
READING_SECONDS = 5.0  # from opening the page to pressing Train; meanwhile the page measures this machine


@contextmanager
def empty_home() -> Iterator[dict[str, str]]:
    """Give an environment in which Glasshouse knows no run and no earlier measurement of this machine."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "data").symlink_to(home().resolve() / "data")  # what was downloaded need not be again
        yield os.environ | {"GLASSHOUSE_HOME": folder}


@contextmanager
def served(fill: Callable[[Path], None] = lambda _: None) -> Iterator[tuple[str, int]]:
    """Run Glasshouse on a free port; gives its address and process id. Its home has but what `fill` lays in."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with empty_home() as environment:
        fill(Path(environment["GLASSHOUSE_HOME"]))
        command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
        address = f"http://127.0.0.1:{port}"
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # whoever ends the bench ends the server with it
        try:
            _wait_for(f"{address}/_stcore/health", server)
            yield address, server.pid
        finally:
            server.terminate()
            server.wait(20)


def events_of(address: str, run_id: str) -> Iterator[tuple[str, Any]]:
    """Read a run's event stream as a viewer does: `(kind, value)`, until the run has ended."""
    kind = ""
    with urllib.request.urlopen(f"{address}/api/runs/{run_id}/events", timeout=120) as stream:
        for line in stream:
            name, _, value = line.decode().partition(": ")
            if name == "event":
                kind = value.strip()
            elif name == "data":
                yield kind, json.loads(value)


def peak_memory_mb(pid: int) -> float:
    """The most memory that a process ever had resident."""
    status = Path(f"/proc/{pid}/status").read_text()
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    assert found
    return int(found[1]) * 1024 / 1e6


class Dashboard:
    """A contestant: every turn is a run of its own, from **Train** to **Stop**, timed by what its viewer receives."""

    def __init__(self, config: RunConfig, input_shape: Shape, classes: int, pictures: int) -> None:
        self._pictures = pictures  # of one epoch
        self._open = ExitStack()
        self._address, self._pid = self._open.enter_context(served())
        self._page = Page(self._address, "train", urlencode(to_link(config)))
        self._open.callback(self._page.close)
        time.sleep(READING_SECONDS)
        self.about: dict[str, Any] = {"parameters": summarize(config.model, input_shape, classes).parameters}

    def train(self, seconds: float) -> tuple[int, float]:
        """Train a run for about so many seconds; gives the pictures and the seconds that its viewer counted."""
        self._page.press("Train")
        events = events_of(self._address, parse_qs(self._page.query)["run"][0])
        counted = self._watch(events, seconds)
        self._page.press("Stop")
        for _ in events:  # until it has ended and the server hangs up
            pass
        self._page.rerun()
        self.about["peak_memory_mb"] = round(peak_memory_mb(self._pid))
        return counted

    def close(self) -> None:
        """Close the page and end the server."""
        self._open.close()

    def _watch(self, events: Iterator[tuple[str, Any]], seconds: float) -> tuple[int, float]:
        began: float | None = None
        start: tuple[float, float] | None = None  # (clock, epochs done)
        for kind, value in events:
            if kind == "status":
                self.about["precision"] = value.get("precision")
            if kind != "points":
                continue
            now, epochs = monotonic(), value["points"][-1][0]
            began = began or now
            if start is None:
                start = (now, epochs) if now - began > WARM_UP else None
            elif now - start[0] > seconds:
                return round((epochs - start[1]) * self._pictures), now - start[0]
        raise RuntimeError("the run ended before the bench did")


def _wait_for(health: str, server: "subprocess.Popen[bytes]") -> None:
    until = monotonic() + 60
    while monotonic() < until and server.poll() is None:
        try:
            with urllib.request.urlopen(health, timeout=1):
                return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError("the dashboard does not answer")
