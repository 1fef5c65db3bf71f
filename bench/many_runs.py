"""Measure what a thousand ended runs in the home cost: reruns of Train in turn with an empty home, and memory."""

import argparse
import re
import shutil
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from statistics import median
from time import perf_counter

from bench.dashboard import served
from bench.machine import NOT_JUDGED, is_ours
from bench.page import Page
from lib.config import Conv2d, DataConfig, Dense, Flatten, MaxPool2d, ModelConfig, RunConfig, TrainConfig
from lib.runs import Registry
from lib.runs.rescue import DATABASE

_RUNS = 1_000
_OFTEN = 150  # reruns of each, after some that warm up
_WARM = 10
_MOST_MORE, _MOST_MB = 0.10, 100.0


def fill(folder: Path, runs: int = _RUNS) -> None:
    """Train one small run, and lay it into the home so many times, each with its curve and its weights."""
    net = ModelConfig(layers=(Conv2d(4), MaxPool2d(), Flatten(), Dense(16)))
    config = RunConfig(data=DataConfig(name="digits"), model=net, train=TrainConfig(epochs=3))
    with closing(Registry(folder)) as registry:
        run = registry.start(config, "a class")
        if not run.wait(600, "finished"):
            raise RuntimeError("the run that is copied did not end")
    with closing(sqlite3.connect(folder / DATABASE)) as book:
        book.row_factory = sqlite3.Row
        row = dict(book.execute("SELECT * FROM runs").fetchone())
        entries = [dict(entry) for entry in book.execute("SELECT * FROM entries ORDER BY rowid")]
        del row["number"]
        for number in range(2, runs + 1):
            copy = f"copy-{number:04}"
            _insert(book, "runs", row | {"id": copy, "name": f"fern-{number}"})
            for entry in entries:
                _insert(book, "entries", entry | {"run": copy})
            shutil.copytree(folder / "runs" / run.id, folder / "runs" / copy)
        book.commit()


def _insert(book: sqlite3.Connection, table: str, values: dict[str, object]) -> None:
    marks = ", ".join("?" * len(values))
    book.execute(f"INSERT INTO {table} ({', '.join(values)}) VALUES ({marks})", tuple(values.values()))


def _rss_mb(pid: int) -> float:
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    assert found
    return int(found[1]) * 1024 / 1e6


def _seconds(act: Callable[[], None]) -> float:
    started = perf_counter()
    act()
    return perf_counter() - started


def measure(often: int) -> dict[str, tuple[list[float], float]]:
    """Rerun Train in turn on an empty home and on a full one; the seconds of each, and the server's memory in MB."""
    with served() as (empty, one), served(fill) as (full, other):
        with closing(Page(empty, "train", "")) as first, closing(Page(full, "train", "")) as second:
            for page in (first, second) * _WARM:
                page.rerun()
            seconds: tuple[list[float], list[float]] = ([], [])
            for number in range(often):
                pair = list(zip((first, second), seconds, strict=True))
                for page, found in (
                    pair if number % 2 else reversed(pair)
                ):  # neither is always the one that comes second
                    found.append(_seconds(page.rerun))
        return {"none": (seconds[0], _rss_mb(one)), f"{_RUNS:,}": (seconds[1], _rss_mb(other))}


def main() -> int:
    """Measure and print; 1 if a bar is missed."""
    parser = argparse.ArgumentParser(prog="python -m bench.many_runs", description=__doc__)
    parser.add_argument("--force", action="store_true", help="judge beside other processes")
    options = parser.parse_args()
    if not options.force and not is_ours():
        return NOT_JUDGED
    found = measure(_OFTEN)
    print("| ended runs in the home | a rerun of Train, median | memory |\n|---|---|---|")
    for name, (seconds, mb) in found.items():
        print(f"| {name} | {1e3 * median(seconds):.1f} ms | {mb:.0f} MB |")
    (before, small), (after, large) = found.values()
    more = median(after) / median(before) - 1  # they took turns: what else the machine does meets both
    print(f"\nA rerun takes {100 * more:+.1f} % (bar: 10 %), memory {large - small:+.0f} MB (bar: 100 MB).")
    return int(more > _MOST_MORE or large - small > _MOST_MB)


if __name__ == "__main__":
    sys.exit(main())
