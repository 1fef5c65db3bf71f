"""A run on the other cores, watched in a browser while the worker that trains it is killed."""

import os
import re
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.e2e.kept import ENDLESS, Watched
from tests.e2e.screens import until
from tests.e2e.served import Served, serve

pytestmark = pytest.mark.e2e

AWAY = {"GLASSHOUSE_CLUSTER": "local", "GLASSHOUSE_CLUSTER_WORKERS": "2"}


def workers_of(server: Served) -> Iterator[int]:
    """The process ids of the workers that a server has started and that live."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            command = (folder / "cmdline").read_text()
        except OSError:  # it has ended meanwhile
            continue
        if parent == server.pid and "dask_worker" in command:
            yield int(folder.name)


def seconds_of(pid: int) -> float:
    """How long a process has computed so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def busier_of(server: Served, page: Page) -> int:
    """The worker that trains: it computes, while the other waits."""
    before = {pid: seconds_of(pid) for pid in workers_of(server)}
    page.wait_for_timeout(4000)
    return max(before, key=lambda pid: seconds_of(pid) - before[pid])


def test_a_run_moves_from_a_killed_worker_to_the_other_while_it_is_watched(
    tmp_path: Path, visit: Callable[..., Page]
) -> None:
    """Its curve goes on, and a line under it says where; tests/runs/test_cluster.py holds that it is the same curve."""
    with serve(tmp_path / "home", settings=AWAY) as server:
        until(lambda: len(list(workers_of(server))) == 2, "two workers")
        watched = Watched(server, visit, ENDLESS)
        watched.set_out()
        before = watched.shown
        killed = busier_of(server, watched.page)
        assert watched.state == "running"
        os.kill(killed, signal.SIGKILL)
        watched.says(re.compile("The worker that trained it went away; it goes on with"))
        until(lambda: watched.shown > before, "the curve going on")
        assert killed not in workers_of(server)
        watched.stop()
