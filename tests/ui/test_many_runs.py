"""Several runs over one connection: each as complete as alone, and the connection ends with the last of them."""

import asyncio
import json
from types import SimpleNamespace

import pytest
import torch
from starlette.requests import Request

from lib.config import RunConfig
from lib.runs.log import RunLog
from lib.runs.names import name_for
from lib.runs.store import Store
from lib.training import StepEnd
from lib.training.events import mean_of
from lib.ui.serve import feeds, passes, stream


@pytest.fixture
def runs(tmp_path, monkeypatch):
    store = Store(tmp_path)
    found = {}
    for run_id in ("first", "second"):
        store.create(run_id, "me", RunConfig(), name_for)
        log = RunLog(run_id, store)
        for position in range(4):
            log.add_mean(position / 4, *mean_of([StepEnd(1, 1, torch.tensor(1.0), torch.eye(2), torch.tensor([0, 1]))]))
        found[run_id] = SimpleNamespace(id=run_id, log=log, has_ended=True, glimpse=None, watch=lambda: None)
    registry = SimpleNamespace(
        find_for=lambda run_id, _who: found.get(run_id), status=lambda run: {"state": "finished", "of": run.id}
    )
    for module in (stream, passes):
        monkeypatch.setattr(module, "get_registry", lambda: registry)
    monkeypatch.setattr(feeds, "_LOOK_SECONDS", 0.001)
    yield found
    store.close()


def heard(query: str) -> list[tuple[str, dict]]:
    async def listen() -> str:
        request = Request({"type": "http", "headers": [], "query_string": query.encode(), "path_params": {}})
        response = await stream.all_events(request)
        return "".join([part async for part in response.body_iterator])

    found = []
    for message in filter(None, asyncio.run(asyncio.wait_for(listen(), 20)).strip().split("\n\n")):
        fields = dict(line.split(": ", 1) for line in message.split("\n"))
        assert "id" not in fields  # one number cannot say how far each of several runs is
        if "event" in fields:
            found.append((fields["event"], json.loads(fields["data"])))
    return found


def test_each_run_is_told_whole_under_its_own_name(runs) -> None:
    told = dict(heard("runs=first:0,second:0"))
    for run_id, run in runs.items():
        assert told[f"{run_id}/points"] == {"from": 0, "points": run.log.points}
        assert told[f"{run_id}/status"]["of"] == run_id


def test_each_goes_on_where_the_browser_is(runs) -> None:
    told = dict(heard("runs=first:3,second:4"))
    assert told["first/points"] == {"from": 3, "points": runs["first"].log.points[3:]}
    assert "second/points" not in told


def test_a_run_that_is_gone_does_not_hold_the_others_up(runs) -> None:
    told = dict(heard("runs=nowhere:0,first:x"))
    assert told["nowhere/gone"] == {}
    assert len(told["first/points"]["points"]) == 4
    assert heard("runs=") == heard("") == []


def test_a_browser_that_leaves_takes_its_listeners_along(runs) -> None:
    for run in runs.values():
        run.has_ended = False

    async def leave() -> int:
        request = Request({"type": "http", "headers": [], "query_string": b"runs=first:0,second:0", "path_params": {}})
        parts = (await stream.all_events(request)).body_iterator
        await anext(parts)
        await parts.aclose()
        await asyncio.sleep(0.05)
        return len(asyncio.all_tasks()) - 1

    assert asyncio.run(leave()) == 0
