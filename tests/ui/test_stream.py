"""The live events of a run, as a browser hears them."""

import asyncio
import json
from types import SimpleNamespace

import pytest
import torch
from starlette.requests import Request

from lib import RunConfig
from lib.runs.log import RunLog
from lib.runs.names import name_for
from lib.runs.store import Store
from lib.training import StepEnd
from lib.ui import stream


class Listener:
    """A browser: keeps what it is told as `stream.js` does, and knows what came in the last moment."""

    def __init__(self, run, headers=()):
        self.run, self.headers = run, [(name.encode(), value.encode()) for name, value in headers]
        self.kept = {"epochs": [], "marks": [], "checks": [], "points": []}
        self.heard = []

    def listen(self, *moments):
        """Look once before each of `moments` (called in turn), and until the run has ended."""
        asyncio.run(self._listen(moments))

    async def _listen(self, moments):
        scope = {"type": "http", "headers": self.headers, "query_string": b"", "path_params": {"run_id": self.run.id}}
        response = await stream.run_events(Request(scope))
        parts = response.body_iterator
        await anext(parts)  # how soon to try again
        for moment in moments:
            self._take(await anext(parts))
            moment()
        self.run.has_ended = True
        async for part in parts:
            self._take(part)

    def _take(self, part):
        self.heard = []
        for message in part.strip().split("\n\n"):
            fields = dict(line.split(": ", 1) for line in message.split("\n"))
            kind, value = fields["event"], json.loads(fields["data"])
            self.heard.append((kind, value))
            if kind in self.kept:
                self.kept[kind] = self.kept[kind][: value["from"]] + value[kind]
            if "id" in fields:
                assert int(fields["id"]) == len(self.kept["points"])


@pytest.fixture
def run(tmp_path, monkeypatch):
    store = Store(tmp_path)
    store.create("a", "me", RunConfig(), name_for)
    run = SimpleNamespace(id="a", log=RunLog("a", store), has_ended=False, glimpse=None, watch=lambda: None)
    registry = SimpleNamespace(find={"a": run}.get, status=lambda _: {"state": "running"})
    monkeypatch.setattr(stream, "get_registry", lambda: registry)
    monkeypatch.setattr(stream, "_LOOK_SECONDS", 0.001)
    yield run
    store.close()


def add_point(run, position):
    run.log.add_point(position, [StepEnd(1, 1, torch.tensor(1.0), torch.eye(2), torch.tensor([0, 1]))])


def test_everything_comes_once_and_in_order(run):
    add_point(run, 0.1)
    run.log.add_start(2.3, 0.1)
    browser = Listener(run)

    def more():
        assert dict(browser.heard) == {
            "points": {"from": 0, "points": run.log.points},
            "epochs": {"from": 0, "epochs": run.log.epochs},
            "marks": {"from": 0, "marks": []},
            "checks": {"from": 0, "checks": []},
            "status": {"state": "running"},
        }
        add_point(run, 0.2)
        run.log.add_check(0.2, 1.5, 0.5)

    def still_more():
        assert browser.heard == [
            ("points", {"from": 1, "points": run.log.points[1:]}),
            ("checks", {"from": 0, "checks": [[0.2, 1.5, 0.5]]}),
        ]
        run.log.add_check(0.3, 1.4, 0.6)
        run.log.add_mark(0.3, 0.01)

    browser.listen(more, still_more)
    assert browser.heard[:2] == [
        ("marks", {"from": 0, "marks": run.log.marks}),
        ("checks", {"from": 1, "checks": [[0.3, 1.4, 0.6]]}),
    ]
    assert browser.kept == {kind: getattr(run.log, kind) for kind in browser.kept}


def test_a_run_that_goes_on_from_an_earlier_checkpoint_is_told_anew(run):
    for position in (0.1, 0.2, 0.3):
        add_point(run, position)
        run.log.add_check(position, 1.0, 0.5)
    browser = Listener(run)

    def forget():
        run.log.forget_after(0.1)
        add_point(run, 0.25)

    browser.listen(forget)
    assert browser.kept["points"] == run.log.points
    assert browser.kept["checks"] == run.log.checks == [[0.1, 1.0, 0.5]]


def test_a_broken_connection_goes_on_where_it_was(run):
    for position in (0.1, 0.2, 0.3):
        add_point(run, position)
    browser = Listener(run, [("last-event-id", "2")])
    browser.kept["points"] = run.log.points[:2]
    browser.listen()
    assert dict(browser.heard)["points"] == {"from": 2, "points": run.log.points[2:]}
    assert browser.kept["points"] == run.log.points


@pytest.mark.usefixtures("run")
def test_a_run_that_does_not_exist_is_gone():
    scope = {"type": "http", "headers": [], "query_string": b"", "path_params": {"run_id": "b"}}

    async def all_of_it():
        response = await stream.run_events(Request(scope))
        return [part async for part in response.body_iterator]

    assert asyncio.run(all_of_it()) == ["event: gone\ndata: {}\n\n"]
