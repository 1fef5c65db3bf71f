"""Few files may be open, as in a Mac's shell: pages that are reloaded cost none, and who gets no more is told why."""

import os
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.e2e.screens import until
from tests.e2e.served import Served, serve
from tests.e2e.stranger import ask, session

pytestmark = pytest.mark.e2e

PAGE = {"Accept": "text/html"}
SENTENCE = b"Too many pages of this Glasshouse are open just now"


def open_files(server: Served) -> int:
    return len(os.listdir(f"/proc/{server.pid}/fd"))  # noqa: PTH208


def tab(server: Served) -> ExitStack:
    """What a page holds open: its websocket, with a session behind it, and a stream of events."""
    with ExitStack() as stack:
        with ask(server.port, "/learn", PAGE) as answer:
            assert answer.status == 200, answer.read()
            browser = {"Cookie": answer.headers["set-cookie"].partition(";")[0]}
        stack.enter_context(session(server.port, browser)).open("learn")
        stack.enter_context(ask(server.port, "/api/runs/events?runs=x:0", browser))
        return stack.pop_all()


def turned_away(server: Served) -> bool:
    with ask(server.port, "/learn", PAGE) as answer:
        return answer.status == 503 and SENTENCE in answer.read()


def reload_and_crowd(server: Served, tabs: int, reloads: int) -> None:
    """Open tabs, reload them, then open more than there is room for."""
    opened = [tab(server) for _ in range(tabs)]
    for number in range(reloads):
        opened[number % tabs].close()
        opened[number % tabs] = tab(server)
    reloaded = open_files(server)
    while not turned_away(server):
        opened.append(tab(server))
    print(f"{tabs} tabs, {reloads} reloads: {reloaded} open files; the tab after {len(opened)} was turned away")
    with pytest.raises(Exception, match=r"503|403|1013"), session(server.port):
        pass
    for each in opened:
        each.close()
    until(lambda: not turned_away(server), "room again")
    tab(server).close()


def test_where_files_run_out_a_sentence_says_so_and_whoever_is_in_stays(tmp_path: Path) -> None:
    with serve(tmp_path / "home", limits="-n 128", forgive=["may be open at once"]) as server:
        assert "Only 128 files may be open at once here" in server.log
        with tab(server):
            reload_and_crowd(server, 2, 12)
            time.sleep(0.1)
        assert "pages are turned away" in server.log


@pytest.mark.soak
@pytest.mark.parametrize("limits", ["-n 256", "-Sn 256"])
def test_thirty_tabs_that_reload_fifty_three_times_find_room(tmp_path: Path, limits: str) -> None:
    with serve(tmp_path / "home", limits=limits, forgive=["may be open at once"]) as server:
        if "S" in limits:  # the soft limit alone is raised
            opened = [tab(server) for _ in range(60)]
            for each in opened:
                each.close()
        else:
            reload_and_crowd(server, 30, 53)
