"""A run on the other cores, watched in a browser while the worker that trains it is killed."""

import os
import re
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.e2e.kept import ENDLESS, Watched
from tests.e2e.screens import until
from tests.e2e.served import Served, serve

pytestmark = pytest.mark.e2e

AWAY = {"GLASSHOUSE_CLUSTER": "local", "GLASSHOUSE_CLUSTER_WORKERS": "2"}


def children_of(parent: int, command: str) -> list[int]:
    """The processes that a process has started, that live, and whose command line has this in it."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            its_parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            its_command = (folder / "cmdline").read_text()
        except OSError:  # it has ended meanwhile
            continue
        if its_parent == parent and command in its_command:
            found.append(int(folder.name))
    return found


def workers_of(server: Served) -> dict[int, int]:
    """A server's workers: of each the process that computes, and the one that would start it anew."""
    nannies = children_of(server.pid, "dask_worker")
    return {child: nanny for nanny in nannies for child in children_of(nanny, "spawn_main")}


def seconds_of(pid: int) -> float:
    """How long a process has computed so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def busy_one_of(server: Served, page: Page) -> int:
    """The worker that trains: it computes, while the other, once it has loaded all that it needs, waits."""
    found: list[int] = []

    def one_computes() -> bool:
        before = {pid: seconds_of(pid) for pid in workers_of(server)}
        page.wait_for_timeout(2000)
        spent = {pid: seconds_of(pid) - seconds for pid, seconds in before.items()}
        idle, busy = sorted(spent, key=spent.__getitem__)
        found[:] = [busy]
        return spent[busy] > 5 * spent[idle] + 0.2

    until(one_computes, "one that computes")
    return found[0]


def test_a_run_moves_from_a_killed_worker_to_the_other_while_it_is_watched(
    tmp_path: Path, visit: Callable[..., Page]
) -> None:
    """Its curve goes on, and a line under it says where; tests/runs/test_cluster.py holds that it is the same curve."""
    with serve(tmp_path / "home", settings=AWAY) as server:
        until(lambda: len(workers_of(server)) == 2, "two workers")
        watched = Watched(server, visit, ENDLESS)
        watched.set_out()
        before = watched.shown
        killed = busy_one_of(server, watched.page)
        assert watched.state == "running"
        for pid in (workers_of(server)[killed], killed):
            os.kill(pid, signal.SIGKILL)
        watched.says(re.compile("The worker that trained it went away; it goes on with"))
        until(lambda: watched.shown > before, "the curve going on")
        assert killed not in workers_of(server)
        watched.stop()
