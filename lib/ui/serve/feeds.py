"""One reader a run, however many watch it: what it finds new goes to every viewer, each with a bounded queue."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Sequence
from typing import Any, NamedTuple

from lib.runs import Registry, Run

_LOOK_SECONDS = 0.08  # between looks at a run
_STATUS_SECONDS = 0.4  # between looks at its numbers
_ALIVE_SECONDS = 15.0  # between comments that keep proxies from hanging up
_MOST_WAITING = 500_000  # characters for one viewer; whoever reads more slowly is let go, and asks again from there
_GROWING = ("epochs", "marks", "checks")

logger = logging.getLogger(__name__)


class _News(NamedTuple):
    kind: str
    value: str  # JSON
    points: int | None = None  # how many the browser has after it

    def worded(self, label: str) -> str:
        """As a server-sent event; one number cannot say how far each of several runs is."""
        head = "" if self.points is None or label else f"id: {self.points}\n"
        return f"{head}event: {label}{self.kind}\ndata: {self.value}\n\n"


class Asked(NamedTuple):
    """What a viewer wants of one run."""

    run_id: str
    run: Run | None  # None: there is no such run
    start: int  # how many points it has


class Viewer:
    """One connection, and what waits to be sent over it."""

    def __init__(self, registry: Registry, asked: Sequence[Asked], *, named: bool) -> None:
        """named: whether several runs share the connection, so that each event says whose it is."""
        self._registry, self._asked, self._named = registry, asked, named
        self._waiting: asyncio.Queue[str | None] = asyncio.Queue()
        self._size = 0
        self._following: set[_Feed] = set()

    async def events(self) -> AsyncIterator[str]:
        """First what there is, then what is new, until the last run has ended or the browser reads too slowly."""
        try:
            yield "retry: 1000\n\n"
            for run_id, run, start in self._asked:
                label = f"{run_id}/" if self._named else ""
                yield _News("gone", "{}").worded(label) if run is None else self._follow(run, start, label)
            while self._following:
                try:
                    text = await asyncio.wait_for(self._waiting.get(), _ALIVE_SECONDS)
                except TimeoutError:
                    yield ": still here\n\n"
                    continue
                if text is None:
                    return
                self._size -= len(text)
                yield text
            while not self._waiting.empty() and (text := self._waiting.get_nowait()):
                yield text
        finally:  # also when the browser has gone
            for feed in self._following:
                feed.viewers.pop(self, None)

    def _follow(self, run: Run, start: int, label: str) -> str:
        feed = _feed_of(self._registry, run)
        if not feed.has_ended and not _ending:
            self._following.add(feed)
            feed.viewers[self] = label
        return feed.past(start, label)

    def say(self, text: str) -> None:
        """Send it when its turn comes."""
        if self._size + len(text) > _MOST_WAITING:
            self._waiting = asyncio.Queue()
            self._waiting.put_nowait(None)
            return
        self._size += len(text)
        self._waiting.put_nowait(text)

    def leave(self, feed: "_Feed") -> None:
        """Nothing more will come of this run."""
        self._following.discard(feed)
        if not self._following:
            self._waiting.put_nowait(None)


class _Feed:
    """The reader of one run."""

    def __init__(self, registry: Registry, run: Run) -> None:
        self.run, self.viewers, self.has_ended = run, dict[Viewer, str](), False
        self.loop = asyncio.get_running_loop()
        self._registry, self._shortened = registry, run.log.shortened
        self._sent, self._turn = 0, 0
        self._told: dict[str, int] = {}  # how many epochs, marks and checks the viewers have
        self._said: dict[str, str] = {}
        self._news()
        if not self.has_ended:
            self._reading = asyncio.create_task(self._read())

    def past(self, start: int, label: str) -> str:
        """All that a viewer with `start` points has missed, up to the last look."""
        start = start if start <= self._sent else 0
        log = self.run.log
        missed = [self._points(start, log.points[start : self._sent])] if start < self._sent else []
        missed += [_grown(kind, 0, getattr(log, kind)[:count]) for kind, count in self._told.items()]
        missed += [_News(kind, value) for kind, value in self._said.items()]
        return "".join(each.worded(label) for each in missed)

    async def _read(self) -> None:
        try:
            while not self.has_ended:
                await asyncio.sleep(_LOOK_SECONDS)
                if not self.viewers:
                    return
                if news := self._news():
                    worded = {
                        label: "".join(each.worded(label) for each in news) for label in set(self.viewers.values())
                    }
                    for viewer, label in self.viewers.items():
                        viewer.say(worded[label])
        except Exception:
            logger.exception("the events of %s broke off", self.run.name)
        finally:
            self.has_ended = True
            for viewer in self.viewers:
                viewer.leave(self)
            if _feeds.get(self.run.id) is self:
                del _feeds[self.run.id]

    def _news(self) -> list[_News]:
        """What is new since the last look."""
        log = self.run.log
        self.run.watch()
        self.has_ended = self.run.has_ended  # read before the rest, so that nothing published last is missed
        news = []
        if log.shortened != self._shortened or self._sent > len(log.points):
            self._shortened, self._sent = log.shortened, 0
            self._told.clear()
        if points := log.points[self._sent :]:
            news.append(self._points(self._sent, points))
            self._sent += len(points)
        for kind in _GROWING:
            first = self._told.get(kind, 0)
            entries = getattr(log, kind)[first:]
            if entries or kind not in self._told:  # only what is new: in a long run all of them are thousands
                news.append(_grown(kind, first, entries))
                self._told[kind] = first + len(entries)
        for kind, value in self._numbers().items():
            text = _json(value)
            if value is not None and self._said.get(kind) != text:
                self._said[kind] = text
                news.append(_News(kind, text))
        self._turn += 1
        return news

    def _numbers(self) -> dict[str, Any]:
        due = self._turn % round(_STATUS_SECONDS / _LOOK_SECONDS) == 0 or self.has_ended
        return {"glimpse": self.run.glimpse} | ({"status": self._registry.status(self.run)} if due else {})

    def _points(self, start: int, points: list[Any]) -> _News:
        return _News("points", _json({"from": start, "points": points}), start + len(points))


_feeds: dict[str, _Feed] = {}
_ending: list[bool] = []


def hang_up() -> None:
    """Let every viewer go, and follow nothing any more: the server ends. On the server's own thread."""
    _ending.append(True)
    for feed in _feeds.values():
        for viewer in list(feed.viewers):
            viewer.leave(feed)
        feed.viewers.clear()


def is_ending() -> bool:
    """True once the server ends: whoever streams something else ends too."""
    return bool(_ending)


def _feed_of(registry: Registry, run: Run) -> _Feed:
    feed = _feeds.get(run.id)
    if feed is None or feed.has_ended or feed.run is not run or feed.loop is not asyncio.get_running_loop():
        feed = _Feed(registry, run)
        if not feed.has_ended:
            _feeds[run.id] = feed
    return feed


def _grown(kind: str, start: int, entries: list[Any]) -> _News:
    return _News(kind, _json({"from": start, kind: entries}))


def _json(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))
