"""Measure what the dashboard's process needs while the article CNN trains, and how quickly it still answers."""

import argparse
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from statistics import quantiles
from time import perf_counter
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from bench.dashboard import READING_SECONDS, events_of, peak_memory_mb, served
from bench.kept import keep
from bench.machine import NOT_JUDGED, is_ours
from bench.page import Page
from lib.models import preset
from lib.ui.setup.link import to_link

_PICTURES, _EPOCHS = 1_600, 3  # short epochs: validation and checkpoints at their ends count too
_PING_SECONDS = 0.05
_MOST_MB, _MOST_MS = 1_200, 10.0


def measure() -> dict[str, float]:
    """Train for some epochs with a viewer and an open Look inside page; gives `peak_mb` and `p95_ms`."""
    config = preset("article-cnn")
    config = config.model_copy(update={"data": config.data.model_copy(update={"train_size": _PICTURES})})
    with served() as (address, pid), closing(Page(address, "train", urlencode(to_link(config)))) as page:
        time.sleep(READING_SECONDS)
        page.press("Train")
        run_id = parse_qs(page.query)["run"][0]
        with ThreadPoolExecutor(1) as pool:
            viewer = pool.submit(_watch, events_of(address, run_id))
            with closing(Page(address, "look_inside", urlencode({"run": run_id}))):
                delays = _ping(address, viewer)
        viewer.result()
        page.press("Stop")
        return {"peak_mb": round(peak_memory_mb(pid)), "p95_ms": round(quantiles(delays, n=20)[-1], 2)}


def _watch(events: Iterator[tuple[str, Any]]) -> None:
    for kind, value in events:
        if kind == "epochs" and value["epochs"] and value["epochs"][-1]["epoch"] >= _EPOCHS:
            return
    raise RuntimeError("the run ended before the bench did")


def _ping(address: str, viewer: "Future[None]") -> list[float]:
    """Ask the server for a sign of life again and again; gives the milliseconds that each answer took."""
    delays = []
    with closing(HTTPConnection(urlsplit(address).netloc)) as connection:
        while not viewer.done():
            started = perf_counter()
            connection.request("GET", "/_stcore/health")
            connection.getresponse().read()
            delays.append(1e3 * (perf_counter() - started))
            time.sleep(_PING_SECONDS)
    return delays


def report(found: dict[str, float]) -> str:
    """Write what was measured in Markdown."""
    rows = (
        ("peak memory of the server", "peak_mb", "MB", _MOST_MB),
        ("95 % of its answers come within", "p95_ms", "ms", _MOST_MS),
    )
    lines = ["| while the article CNN trains | measured | bar | |", "|---|---|---|---|"]
    for name, key, unit, most in rows:
        verdict = "reached" if found[key] <= most else "**missed**"
        lines.append(f"| {name} | {found[key]:,.4g} {unit} | {most:,.4g} {unit} | {verdict} |")
    return "\n".join(lines)


def main() -> int:
    """Measure, write the results, print the table."""
    parser = argparse.ArgumentParser(prog="python -m bench.server", description=__doc__)
    parser.add_argument("--force", action="store_true", help="judge although other processes use the machine")
    parser.add_argument("--results", type=Path, default=Path(__file__).parent / "results/server.json")
    options = parser.parse_args()
    if not options.force and not is_ours():
        return NOT_JUDGED
    found = measure()
    keep(found, options.results)
    print(report(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
