"""Measure whether thirty runs share one machine fairly: how long a curve stands still, how fast all are together."""

import argparse
import json
import os
import random
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from statistics import quantiles
from time import monotonic, sleep
from typing import Any

from bench.dashboard import ROOT, empty_home, peak_memory_mb
from bench.kept import keep
from bench.machine import NOT_JUDGED, is_ours
from lib import RunConfig, load_dataset, preset
from lib.runs import Limits, Registry, Run
from lib.runs.time_needed import measure_speed

_RUNS = 30
_SECONDS = 30.0  # that many runs are watched
_LARGE_SECONDS = 120.0  # the same with a large net among them, whose turn comes seldom
_LOOK_SECONDS = 0.005
_PRESSES = 60
_LARGE_BATCH = 1_024

Found = dict[str, float]


def small(seed: int = 0) -> RunConfig:
    """The small CNN on doodles, longer than any bench."""
    config = preset("small-cnn")
    changes: dict[str, Any] = {
        "data": config.data.model_copy(update={"name": "doodles"}),
        "train": config.train.model_copy(update={"epochs": 200}),
        "seed": seed,
    }
    return config.model_copy(update=changes)


def large() -> RunConfig:
    """The article CNN with batches as large as the page offers."""
    config = preset("article-cnn")
    return config.model_copy(update={"train": config.train.model_copy(update={"batch_size": _LARGE_BATCH})})


def alone(config: RunConfig | None = None, seconds: float = 10.0) -> Found:
    """One run with the machine to itself."""
    with _registry() as registry:
        run = registry.start(config or small(), "bench")
        _until(lambda: run.status()["step"] > 20)
        return {"per_second": _pictures([run], seconds)}


def article() -> Found:
    """The article CNN alone, with the batches of its preset."""
    return alone(preset("article-cnn"), 30.0)


def sweep() -> Found:
    """Twenty-four short runs of one owner, as a sweep starts them: seconds until all have ended."""
    config = small()
    data = config.data.model_copy(update={"train_size": 2_000})
    train = config.train.model_copy(update={"epochs": 4})
    with _registry() as registry:
        _as_the_page_does(config)
        began = monotonic()
        runs = [
            registry.start(config.model_copy(update={"data": data, "train": train, "seed": number}), f"owner {number}")
            for number in range(24)
        ]
        for run in runs:
            run.wait(170.0)
        return {"seconds": monotonic() - began, "ended": float(sum(run.has_ended for run in runs))}


def thirty() -> Found:
    """Thirty who press Train in the same second."""
    with _registry() as registry:
        _as_the_page_does(small())
        began = monotonic()
        runs = [registry.start(small(number), f"owner {number}") for number in range(_RUNS)]
        watched = [_Curve(run) for run in runs]
        _look(watched, lambda: all(curve.first for curve in watched))
        first = max(curve.first for curve in watched) - began
        steps = _steps(runs)
        for curve in watched:
            curve.begin()
        ends = monotonic() + _SECONDS
        _look(watched, lambda: monotonic() > ends)
        per_second = (_steps(runs) - steps) / _SECONDS
        gaps = [gap for curve in watched for gap in curve.gaps]
        return _spread("gap", gaps) | {
            "first_point": first,
            "per_second": per_second,
            "memory_mb": peak_memory_mb(os.getpid()),
            **_spread("press", _presses(runs)),
        }


def with_a_large_one() -> Found:
    """Twenty-nine small runs and one whose step alone takes seconds."""
    with _registry() as registry:
        runs = [registry.start(small(number), f"owner {number}") for number in range(_RUNS - 1)]
        watched = [_Curve(run) for run in runs]
        _look(watched, lambda: all(curve.first for curve in watched))
        for curve in watched:
            curve.begin()
        other = registry.start(large(), "patient")
        ends = monotonic() + _LARGE_SECONDS
        _look(watched, lambda: monotonic() > ends)
        gaps = [gap for curve in watched for gap in curve.gaps]
        return _spread("gap", gaps) | {"large_steps": float(other.status()["step"])}


class _Curve:
    """When the points of a run came."""

    def __init__(self, run: Run) -> None:
        self.run, self.first, self.gaps = run, 0.0, list[float]()
        self._count, self._last = 0, 0.0

    def begin(self) -> None:
        """Count gaps from here on."""
        self.gaps.clear()

    def look(self) -> None:
        """Note what is new."""
        count = len(self.run.log.points)
        if count > self._count:
            now = monotonic()
            if self._count:
                self.gaps.append(now - self._last)
            self.first = self.first or now
            self._count, self._last = count, now

    def end(self) -> None:
        """What has not come yet is a gap too."""
        self.gaps.append(monotonic() - self._last)


def _look(curves: Sequence[_Curve], enough: Callable[[], bool]) -> None:
    while not enough():
        for curve in curves:
            curve.look()
            if curve.run.has_ended:
                raise RuntimeError(f"{curve.run.name} ended: {curve.run.message}")
        sleep(_LOOK_SECONDS)
    for curve in curves:
        curve.end()


def _presses(runs: Sequence[Run]) -> list[float]:
    """Press pause, resume and another learning rate on one run after another; seconds until each was obeyed."""
    chance, took = random.Random(0), []
    for number in range(_PRESSES):
        run = runs[chance.randrange(len(runs))]
        sleep(chance.random() * 0.2)
        began, marks = monotonic(), len(run.log.marks)
        if number % 2:
            run.set_learning_rate(0.001 + 0.00001 * number, run.owner)
            _until(lambda run=run, marks=marks: len(run.log.marks) > marks)  # type: ignore[misc]
        else:
            run.pause(run.owner)
            run.wait(30.0, "paused")
            took.append(monotonic() - began)
            began = monotonic()
            run.resume(run.owner)
            run.wait(30.0, "running")
        took.append(monotonic() - began)
    run = runs[0]
    began = monotonic()
    run.stop(run.owner)
    run.wait(30.0)
    return [*took, monotonic() - began]


def _registry() -> "closing[Registry]":
    """A registry whose workers, if it has any, are there."""
    registry = Registry(Path(os.environ["GLASSHOUSE_HOME"]), Limits.from_environment())
    wanted = int(os.environ.get("GLASSHOUSE_CLUSTER_WORKERS", 1))
    _until(lambda: registry.workers >= wanted)
    return closing(registry)


def _as_the_page_does(config: RunConfig) -> None:
    """Look at the pictures and time a few steps, as Train does before anybody can press it."""
    data = load_dataset(**config.data.model_dump())
    measure_speed(config, data.input_shape, len(data.classes))


def _until(holds: Callable[[], bool], seconds: float = 60.0) -> None:
    ends = monotonic() + seconds
    while not holds():
        if monotonic() > ends:
            raise RuntimeError("waited in vain")
        sleep(_LOOK_SECONDS)


def _steps(runs: Sequence[Run]) -> int:
    return sum(run.status()["step"] * run.config.train.batch_size for run in runs)


def _pictures(runs: Sequence[Run], seconds: float) -> float:
    before, began = _steps(runs), monotonic()
    threading.Event().wait(seconds)
    return (_steps(runs) - before) / (monotonic() - began)


def _spread(name: str, values: Sequence[float]) -> Found:
    return {f"{name}_p95": quantiles(values, n=20)[-1], f"{name}_max": max(values)}


_CASES: dict[str, Callable[[], Found]] = {"alone": alone, "thirty": thirty, "with a large one": with_a_large_one}
_HERE = {"GLASSHOUSE_CLUSTER": "local", "GLASSHOUSE_CLUSTER_WORKERS": "2"}
_ONE_HERE = _HERE | {"GLASSHOUSE_CLUSTER_WORKERS": "1"}
_AT_WORKERS: dict[str, tuple[Callable[[], Found], dict[str, str]]] = {
    "alone at one worker": (alone, _ONE_HERE),
    "article": (article, {}),
    "article at one worker": (article, _ONE_HERE),
    "thirty at two workers": (thirty, _HERE),
    "sweep at one worker": (sweep, _ONE_HERE),
    "sweep at two workers": (sweep, _HERE),
}


def report(found: dict[str, Found]) -> str:
    """Write what was measured beside the bars in Markdown."""
    many, mixed = found["thirty"], found["with a large one"]
    share = many["per_second"] / found["alone"]["per_second"]
    rows = (
        ("30 small CNNs: a curve stands still, p95", many["gap_p95"], "s", 3.0, 1),
        ("30 small CNNs: a curve stands still, longest", many["gap_max"], "s", 3.5, 1),
        ("30 who start at once: everybody has a point after", many["first_point"], "s", 5.0, 1),
        ("30 small CNNs: all together, of one alone", 100 * share, "%", 85.0, -1),
        (f"29 and the article CNN with batches of {_LARGE_BATCH:,}: longest", mixed["gap_max"], "s", 4.0, 1),
        ("from press to obeyed among 30, p95", many["press_p95"], "s", 1.0, 1),
        ("peak memory of the process with 30", many["memory_mb"], "MB", 1_200.0, 1),
    )
    if found.keys() >= _AT_WORKERS.keys():
        rows += _rows_of_workers(found)
    lines = ["| runs that share one thread | measured | bar | |", "|---|---|---|---|"]
    for name, value, unit, bar, sign in rows:
        verdict = "reached" if sign * value <= sign * bar else "**missed**"
        least = "at least" if sign < 0 else "at most"
        lines.append(f"| {name} | {value:,.3g} {unit} | {least} {bar:,.3g} {unit} | {verdict} |")
    return "\n".join(lines)


def _rows_of_workers(found: dict[str, Found]) -> tuple[tuple[str, float, str, float, int], ...]:
    def speed(name: str) -> float:
        return found[name]["per_second"]

    many = found["thirty at two workers"]
    alone_there, article_there = (speed(f"{name} at one worker") / speed(name) for name in ("alone", "article"))
    faster = found["sweep at one worker"]["seconds"] / found["sweep at two workers"]["seconds"]
    return (
        ("30 at two workers: a curve stands still, p95", many["gap_p95"], "s", 3.0, 1),
        ("30 at two workers: all together, of one on the thread", many["per_second"] / speed("alone"), "x", 1.6, -1),
        ("small CNN alone at one worker, of the thread", alone_there, "x", 0.92, -1),
        ("article CNN alone at one worker, of the thread", article_there, "x", 0.97, -1),
        ("sweep of 24 at two workers, of one", faster, "x", 1.8, -1),
    )  # fmt: skip


def _in_own_process(name: str) -> Any:
    """Nothing that an earlier case left in memory may change this one."""
    with empty_home() as environment:
        environment |= _AT_WORKERS[name][1] if name in _AT_WORKERS else {}
        command = [sys.executable, "-m", "bench.turns", "--measure", name]
        return json.loads(subprocess.check_output(command, cwd=ROOT, env=environment).splitlines()[-1])


def main() -> int:
    """Measure each case, write the results, print the table."""
    parser = argparse.ArgumentParser(prog="python -m bench.turns", description=__doc__)
    parser.add_argument("--force", action="store_true", help="judge although other processes use the machine")
    parser.add_argument("--measure", choices=(*_CASES, *_AT_WORKERS), help=argparse.SUPPRESS)
    parser.add_argument("--results", type=Path, default=Path(__file__).parent / "results/turns.json")
    options = parser.parse_args()
    if options.measure:
        measure = _CASES.get(options.measure) or _AT_WORKERS[options.measure][0]
        print(json.dumps(measure()))
        return 0
    if not options.force and not is_ours():
        return NOT_JUDGED
    found = {name: _in_own_process(name) for name in (*_CASES, *_AT_WORKERS)}
    keep(found, options.results)
    print(report(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
