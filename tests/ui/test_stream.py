"""The live events of a run, as a browser hears them."""

import asyncio
import json
from types import SimpleNamespace

import pytest
import torch
from starlette.requests import Request

from lib import DataConfig, RunConfig
from lib.runs.log import RunLog
from lib.runs.names import name_for
from lib.runs.store import Store
from lib.training import StepEnd
from lib.training.events import mean_of
from lib.ui.serve import browser, feeds, passes, stream


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
    there = {"a": run}
    registry = SimpleNamespace(find_for=lambda run_id, _who: there.get(run_id), status=lambda _: {"state": "running"})
    for module in (stream, passes):
        monkeypatch.setattr(module, "get_registry", lambda: registry)
    monkeypatch.setattr(feeds, "_LOOK_SECONDS", 0.001)
    yield run
    store.close()


def add_point(run, position):
    run.log.add_mean(position, *mean_of([StepEnd(1, 1, torch.tensor(1.0), torch.eye(2), torch.tensor([0, 1]))]))


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

    assert asyncio.run(all_of_it())[1:] == ["event: gone\ndata: {}\n\n"]


def viewer_of(query=b"", headers=(), client=("10.0.0.1", 5)):
    """The response to a browser that asks for run "a", or for several by `query`."""
    scope = {"type": "http", "headers": list(headers), "query_string": query, "client": client}
    if b"runs=" in query:
        return asyncio.create_task(stream.all_events(Request(scope | {"path_params": {}})))
    return asyncio.create_task(stream.run_events(Request(scope | {"path_params": {"run_id": "a"}})))


@pytest.mark.parametrize("count", ["²", "1_0", " 2", "+2", "-1", "２", "1e1", "0x2", "9" * 5000, "2.0", "", "٢"])
def test_only_a_plain_number_says_how_many_points_there_are(run, count):
    for position in (0.1, 0.2, 0.3):
        add_point(run, position)
    for headers in ([("last-event-id", count)], [("last-event-id", "77")]):
        hearer = Listener(run, [(name, value.encode("utf-8").decode("latin-1")) for name, value in headers])
        hearer.listen()
        assert hearer.kept["points"] == run.log.points  # all of them: nothing is believed
        run.has_ended = False


def test_one_reader_feeds_all_its_viewers(run, monkeypatch):
    looks = []
    run.watch = lambda: looks.append(1)
    monkeypatch.setattr(feeds, "_LOOK_SECONDS", 0.01)

    async def watch_with(viewers):
        streams = [(await viewer_of()).body_iterator for _ in range(viewers)]
        for parts in streams:
            assert "retry" in await anext(parts)
            assert "event: epochs" in await anext(parts)
        looks.clear()
        add_point(run, 0.1)
        told = [await anext(parts) for parts in streams]
        assert len(set(told)) == 1
        assert told[0].startswith("id: 1\nevent: points\n")
        await asyncio.sleep(0.1)
        for parts in streams:
            await parts.aclose()
        assert len(looks) < 25
        await asyncio.sleep(0.05)
        assert feeds._feeds == {}
        assert len(asyncio.all_tasks()) == 1

    asyncio.run(watch_with(40))


def test_an_id_that_is_asked_for_many_times_is_told_once(run):
    run.has_ended = True

    async def listen():
        return [part async for part in (await viewer_of(b"runs=" + b",".join([b"a:0"] * 40))).body_iterator]

    assert "".join(asyncio.run(listen())).count("event: a/epochs") == 1


def test_a_viewer_that_does_not_read_costs_a_bounded_queue_and_is_let_go(run, monkeypatch):
    monkeypatch.setattr(feeds, "_MOST_WAITING", 2_000)

    async def stall():
        slow, quick = (await viewer_of()).body_iterator, (await viewer_of()).body_iterator
        for parts in (slow, quick):
            await anext(parts)
            await anext(parts)
        for number in range(300):
            add_point(run, number / 300)
            await anext(quick)
        (viewer,) = [each for each in feeds._feeds["a"].viewers if each._waiting.qsize() > 0]
        assert viewer._waiting.qsize() <= 2_000 / 50
        left = [part async for part in slow]
        assert sum(map(len, left)) <= 2_000
        assert len(feeds._feeds["a"].viewers) == 1
        await quick.aclose()

    asyncio.run(stall())


async def status_of(response, running):
    """Send the response for a while; gives the status that the browser sees."""
    sent = []

    async def send(message):
        sent.append(message)

    async def receive():
        await running.wait()
        return {"type": "http.disconnect"}

    scope = {"type": "http", "asgi": {"spec_version": "2.3"}}
    task = asyncio.create_task(response(scope, receive, send))
    while not sent:
        await asyncio.sleep(0)
    return sent[0]["status"], task


def test_a_browser_an_address_and_all_together_have_a_limit(run, monkeypatch, tmp_path):
    monkeypatch.setenv("GLASSHOUSE_HOME", str(tmp_path))
    for name, most in (("MOST_STREAMS_EACH", 2), ("MOST_STREAMS_ADDRESS", 3), ("MOST_STREAMS", 5)):
        monkeypatch.setattr(stream, name, most)

    def cookie():
        return [(b"cookie", f"{browser.cookie_name()}={browser.signed(browser.new_owner())}".encode())]

    async def connect():
        leave, mine, tasks = asyncio.Event(), cookie(), []

        async def ask(headers, address):
            status, task = await status_of(await viewer_of(headers=headers, client=(address, 1)), leave)
            tasks.append(task)
            return status

        assert [await ask(mine, "a") for _ in range(3)] == [200, 200, 429]
        assert [await ask([], "a"), await ask(cookie(), "a")] == [200, 429]
        assert [await ask([], "b") for _ in range(3)] == [200, 200, 429]
        leave.set()
        await asyncio.gather(*tasks)
        assert await ask(mine, "a") == 200
        await asyncio.gather(*tasks)

    asyncio.run(connect())
    assert len(stream._open) == 0


def test_a_page_without_a_cookie_may_listen_to_what_it_was_shown(tmp_path, monkeypatch):
    """In a frame of another site no cookie is sent, and a run on one's own pictures is for nobody else."""
    monkeypatch.setenv("GLASSHOUSE_HOME", str(tmp_path))
    private, other = (
        SimpleNamespace(id=name, config=RunConfig(data=DataConfig(name="own-0123456789ab"))) for name in ("run", "two")
    )
    registry = SimpleNamespace(
        find={"run": private, "two": other}.get, find_for=lambda _, who: private if who == "ann" else None
    )
    monkeypatch.setattr(passes, "get_registry", lambda: registry)
    stranger = Request({"type": "http", "headers": []})
    shown = passes.with_pass(private)
    assert stream._ID.fullmatch(shown)
    assert passes.find_for(stranger, shown) is private
    _, _, word = shown.partition("~")
    for asked in ("run", "run~", f"two~{word}", f"run~{word[::-1]}", f"run~{word}~{word}", "run~é"):
        assert passes.find_for(stranger, asked) is None, asked
    open_to_all = SimpleNamespace(id="run", config=RunConfig(data=DataConfig(name="digits")))
    assert passes.with_pass(open_to_all) == "run"
