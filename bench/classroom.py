"""Measure a class of thirty: do curves move, do pages turn, what does the server hold, and is all back afterwards."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

from bench.dashboard import peak_memory_mb
from bench.kept import keep
from bench.machine import NOT_JUDGED, is_ours
from tests.e2e.served import Served, serve

_SECONDS = 40.0
_STUDENTS = 30
_REST_SECONDS = 130.0  # after the class has left: a page that lost its connection finds its session for 120


def measure(folder: Path) -> dict[str, Any]:
    """Serve a class, have thirty attend, and look at the process before, at its fullest and afterwards."""
    with serve(folder / "home", settings={"GLASSHOUSE_CLASSROOM": "open"}) as served:
        code = _code_of(served)
        _students(served, code, _STUDENTS, 3.0)  # so that all is loaded, and the pools have the threads that they keep
        time.sleep(_REST_SECONDS)
        before = _held(served.pid)
        found = _students(served, code, _STUDENTS, _SECONDS)
        time.sleep(_REST_SECONDS)
        after = _held(served.pid)
        health = urllib.request.urlopen(f"{served.address}/_stcore/health", timeout=10)
        assert health.status == 200
        return found | {"peak_mb": peak_memory_mb(served.pid), "before": before, "after": after}


def _code_of(served: Served) -> str:
    until = time.monotonic() + 60
    while "?code=" not in served.log and "code " not in served.log:
        assert time.monotonic() < until, "no invitation"
        time.sleep(0.2)
    time.sleep(1)
    kept = json.loads((served.home / "class" / "class.json").read_text()) if _is_kept(served) else None
    return kept["code"] if kept else served.log.split("code \x1b[1m")[1][:6]


def _is_kept(served: Served) -> bool:
    return (served.home / "class" / "class.json").exists()


def _students(served: Served, code: str, students: int, seconds: float) -> dict[str, Any]:
    command = [sys.executable, "-m", "lib.ui.classroom.rehearsal", "--port", str(served.port), "--code", code,
               "--students", str(students), "--seconds", str(seconds)]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, timeout=400, check=False, env=os.environ)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    if "error" in found:
        raise RuntimeError(f"{found['error']}\n{served.log[-2000:]}")
    return found


def _held(pid: int) -> dict[str, int]:
    """Descriptors and threads of a process."""
    return {name: sum(1 for _ in Path(f"/proc/{pid}/{place}").iterdir())
            for name, place in (("descriptors", "fd"), ("threads", "task"))}  # fmt: skip


def report(found: dict[str, Any]) -> str:
    """Write what was measured beside the bars in Markdown."""
    rows = (
        ("30 students: from the projector to joined and training", found["joined"], "s", 60.0),
        ("a curve stands still, p95", found["gap_p95"], "s", 3.0),
        ("a page is drawn, p95", found["page_p95"], "s", 1.0),
        ("memory of the server, at most", found["peak_mb"], "MB", 1_500.0),
        (
            "descriptors left over after the class",
            found["after"]["descriptors"] - found["before"]["descriptors"],
            "",
            5,
        ),
        ("threads left over after the class", found["after"]["threads"] - found["before"]["threads"], "", 5),
    )
    lines = ["| a class of 30 | measured | bar | |", "|---|---|---|---|"]
    for name, value, unit, bar in rows:
        verdict = "reached" if value <= bar else "**missed**"
        lines.append(f"| {name} | {value:,.3g} {unit} | at most {bar:,.3g} {unit} | {verdict} |")
    return "\n".join(lines)


def main() -> int:
    """Measure, write the results, print the table."""
    parser = argparse.ArgumentParser(prog="python -m bench.classroom", description=__doc__)
    parser.add_argument("--force", action="store_true", help="judge although other processes use the machine")
    parser.add_argument("--results", type=Path, default=Path(__file__).parent / "results/classroom.json")
    options = parser.parse_args()
    if not options.force and not is_ours():
        return NOT_JUDGED
    with tempfile.TemporaryDirectory() as folder:
        found = measure(Path(folder))
    keep(found, options.results)
    print(report(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
