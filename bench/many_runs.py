"""Measure what a thousand ended runs in the home cost, others' and one's own: reruns of Train, and memory."""

import argparse
import re
import shutil
import sqlite3
import sys
from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from bench.dashboard import served
from bench.machine import NOT_JUDGED, is_ours
from bench.page import Page, new_cookie
from lib.config import Conv2d, DataConfig, Dense, Flatten, MaxPool2d, ModelConfig, RunConfig, TrainConfig
from lib.runs import Registry
from lib.runs.rescue import DATABASE

_RUNS = 1_000
_OFTEN = 150  # reruns of each, after some that warm up
_WARM = 10
_MOST_MORE, _MOST_MB = 0.10, 100.0
_KINDS = ("none", f"{_RUNS:,} of others", f"{_RUNS:,} of one's own")


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


def _given(address: str, folder: Path) -> str:
    """Give all runs of a home to a browser that comes now; gives its cookie, which begins with what it is called."""
    cookie = new_cookie(address)
    owner = cookie.partition("=")[2].partition(".")[0]
    with closing(sqlite3.connect(folder / DATABASE)) as book:
        given = book.execute("UPDATE runs SET owner = ?", (owner,)).rowcount
        book.commit()
    if given != _RUNS:
        raise RuntimeError(f"{given} runs lay in the home")
    return cookie


def measure(often: int) -> dict[str, tuple[list[float], float]]:
    """Rerun Train in turn on homes with no, others' and its own runs: the seconds of each, and the server's MB."""
    with TemporaryDirectory() as folder, ExitStack() as opened:
        fill(Path(folder))

        def full(home: Path) -> None:
            homes.append(home)
            shutil.copytree(folder, home, dirs_exist_ok=True)

        homes: list[Path] = []
        servers = [opened.enter_context(served(lay)) for lay in (lambda _: None, full, full)]
        cookies = (None, None, _given(servers[2][0], homes[1]))
        pages = []
        for (address, _), cookie in zip(servers, cookies, strict=True):
            pages.append(opened.enter_context(closing(Page(address, "train", "", cookie))))
        for page in pages * _WARM:
            page.rerun()
        seconds: tuple[list[float], ...] = ([], [], [])
        for number in range(often):
            for place in range(3):
                place = (place + number) % 3  # none is always the one that comes first
                seconds[place].append(_seconds(pages[place].rerun))
        return {kind: (found, _rss_mb(pid)) for kind, found, (_, pid) in zip(_KINDS, seconds, servers, strict=True)}


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
    missed = False
    (before, small), *others = found.values()
    for name, (after, large) in zip(_KINDS[1:], others, strict=True):
        more = median(after) / median(before) - 1  # they took turns: what else the machine does meets all
        missed |= more > _MOST_MORE or large - small > _MOST_MB
        print(f"\n{name}: a rerun takes {100 * more:+.1f} % (bar: 10 %), memory {large - small:+.0f} MB (bar: 100 MB).")
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
