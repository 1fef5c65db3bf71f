"""What a live curve costs: bytes and server time for each update, and whether it leaves zoom and hover alone."""

import os
import time
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from time import monotonic
from urllib.parse import parse_qs, urlencode, urlsplit

from bench.browser import browsing
from bench.dashboard import READING_SECONDS, served
from bench.machine import BUSY_CORES, Usage
from bench.page import Page
from lib.config import MAX_EPOCHS
from lib.models import preset
from lib.ui.setup.link import to_link
from tests.e2e.screens import Chart, Train

_UPDATES = 30  # that zoom and hover have to outlive
_ATTEMPTS = 3  # for every round that has to count


class Viewer:
    """Reads a run's stream as it comes over the wire, and counts."""

    def __init__(self, address: str, run_id: str) -> None:
        self._connection = HTTPConnection(urlsplit(address).netloc, timeout=120)
        self._connection.request("GET", f"/api/runs/{run_id}/events")
        self._stream = self._connection.getresponse().fp  # below the chunks, whose frames are bytes too
        for _ in range(2):  # the first message with points is the past, not an update
            while b"event: points" not in self._message():
                pass

    def watch(self, seconds: float) -> dict[str, float]:
        """Count for about so long; gives `seconds`, `updates`, `point_bytes` and `all_bytes`."""
        counted = dict.fromkeys(("updates", "point_bytes", "all_bytes"), 0.0)
        started = monotonic()
        while monotonic() - started < seconds:
            message = self._message()
            counted["all_bytes"] += len(message)
            if b"event: points" in message:
                counted["updates"] += 1
                counted["point_bytes"] += len(message)
        return counted | {"seconds": monotonic() - started}

    def close(self) -> None:
        """Hang up."""
        self._connection.close()

    def _message(self) -> bytes:
        lines = [self._stream.readline()]
        while lines[-1] != b"\n":
            lines.append(self._stream.readline())
            if not lines[-1]:
                raise RuntimeError("the run ended before the bench did")
        return b"".join(lines)


def measure_cost(name: str, rounds: int, seconds: float, *, force: bool) -> dict[str, float]:
    """Watch a run of preset `name` with one viewer and with none, in turns; gives what an update costs.

    `point_bytes`: the message that moves the curve; `all_bytes`: all that came, for each such message; `cpu_ms`: what
    the server used more than without a viewer, its training threads left out.
    """
    found: list[dict[str, float]] = []
    with served() as (address, pid), closing(Page(address, "train", _link(name))) as page:
        time.sleep(READING_SECONDS)
        page.press("Train")
        run_id = parse_qs(page.query)["run"][0]
        Viewer(address, run_id).close()  # when it has something to say, the run trains
        for _ in range(_ATTEMPTS * rounds):
            before = Usage.now()
            alone, started = _cpu(pid), monotonic()
            time.sleep(seconds)
            idle = (_cpu(pid) - alone) / (monotonic() - started)
            with closing(Viewer(address, run_id)) as viewer:
                watched = _cpu(pid)
                counted = viewer.watch(seconds)
                spent = _cpu(pid) - watched - idle * counted["seconds"]
            if force or Usage.now().others_since(before, os.getpid())[0] <= BUSY_CORES:
                found.append({name: counted[name] / counted["updates"] for name in ("point_bytes", "all_bytes")})
                found[-1] |= {"cpu_ms": 1e3 * spent / counted["updates"]}
                found[-1] |= {"updates_a_second": counted["updates"] / counted["seconds"]}
            if len(found) == rounds:
                break
    return {name: round(median(each[name] for each in found), 2) for name in found[0]} if found else {}


def measure_calm() -> dict[str, float]:
    """Zoom in and point at the curve while a run trains; gives the share of frames with the label, and of zoom kept."""
    with served() as (address, _), browsing() as tab:
        tab.goto(f"{address}/train?{_link('small-cnn')}")
        train = Train(tab)
        train.start()
        chart = Chart(tab, "accuracy")
        chart.zoom(0.0, MAX_EPOCHS / 20)
        zoomed = chart.range
        train.wait_for_points(train.points + 20)
        chart.point_at(chart.shown[-1][0] / 2)
        return {"label": chart.share_labelled(_UPDATES), "zoom": float(chart.range == zoomed)}


def _link(name: str) -> str:
    """The address of preset `name`, long enough that no run ends during the bench."""
    config = preset(name)
    train = config.train.model_copy(update={"epochs": MAX_EPOCHS})
    return urlencode(to_link(config.model_copy(update={"train": train})))


def _cpu(pid: int) -> float:
    """CPU seconds of the threads of a process that are not of lower priority: all but those that train."""
    nanoseconds = 0
    for thread in Path(f"/proc/{pid}/task").iterdir():
        try:
            fields = (thread / "stat").read_text().rpartition(") ")[2].split()
            spent = int((thread / "schedstat").read_text().split()[0])
        except OSError:  # ended while we looked
            continue
        nanoseconds += 0 if int(fields[16]) > 0 else spent  # the 19th field is the priority, "nice"
    return nanoseconds / 1e9
