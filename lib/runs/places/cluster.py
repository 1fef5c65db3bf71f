"""The cluster: turns are computed by workers, on the other cores of this machine or on other machines.

Of dask.distributed only what is solid: each turn is one task that depends on the one before, so it is computed where
the net is, moves when a worker has too much to do, and is computed again elsewhere when its worker is lost. Its small
news come ahead of it; the state stays with the worker.
"""

import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from time import monotonic
from typing import Any
from uuid import uuid4
from weakref import WeakValueDictionary

from distributed import Client, Future

from lib.datasets import Dataset
from lib.datasets.apart import apart_seed
from lib.datasets.loaded import whole
from lib.runs.places.asking import Asking, Lost
from lib.runs.places.away import Away
from lib.runs.places.own import Own
from lib.runs.places.worker import about_me, differences, take_turn
from lib.runs.publisher import Publisher
from lib.runs.turn import Asked, State

_LOOK_SECONDS = 1.0  # between looks at who is there
_TAKES_OVER_SECONDS = 20.0  # without any worker, before the thread takes over
_TOLD_SECONDS = 300.0  # that people hear of a worker that was sent away
_RETRIES = 3
_AHEAD = 2  # turns asked for of each worker, so that none waits for this process

logger = logging.getLogger(__name__)


class Cluster:
    """Workers that take turns, as many as there are just now."""

    most_slots = 32
    stretch = 2.5  # each turn costs a message there and back

    def __init__(self, connect: Callable[[], tuple[Client, Own | None]], *, takes_over: bool = False) -> None:
        """connect: how to get a client, and the cluster that is to end with it. takes_over: the thread, if nobody is"""
        self._connect, self._takes_over = connect, takes_over
        self._client: Client | None = None
        self._own: Own | None = None
        self._asking: dict[str, Asking] = {}
        # Pictures, by the digest of their set and how it is cut: workers keep them as long as a run here holds them.
        self._sent: WeakValueDictionary[tuple[str, str], Future] = WeakValueDictionary()
        self._there: dict[str, dict[str, Any]] = {}  # by address
        self._refused: dict[str, tuple[str, float]] = {}  # by address, why, and when
        self._nobody_since = monotonic()
        self._topic = f"glasshouse-{uuid4().hex}"
        self._closing = threading.Event()
        self.when_changed: Callable[[], None] = lambda: None
        self._keeper = threading.Thread(target=self._look_after, name="cluster", daemon=True)
        self._keeper.start()

    # ---- what a place is ----

    @property
    def workers(self) -> int:
        """How many turns are computed at once."""
        return sum(each["threads"] for each in list(self._there.values()))

    @property
    def machines(self) -> int:
        """On how many machines."""
        return max(len({each["host"] for each in list(self._there.values())}), 1)

    @property
    def slots(self) -> int:
        """How many turns may be asked for at once."""
        return _AHEAD * self.workers if self._there else int(self.is_taken_over)

    @property
    def is_taken_over(self) -> bool:
        """Whether the thread takes turns because nobody else does."""
        return self._takes_over and not self._there and monotonic() - self._nobody_since > _TAKES_OVER_SECONDS

    @property
    def note(self) -> str | None:
        """What people have to know of the workers."""
        if not self._there and not self.is_taken_over:
            return "Waiting until a worker is there."
        return next((f"Not used: {why}." for why, _ in list(self._refused.values())), None)

    def open(self, publisher: Publisher, data: Dataset) -> Away:
        """Take a run up where it stands, to be trained there."""
        return Away(self, publisher, data)

    def close(self) -> None:
        """Let go of the workers; those of this machine end."""
        self._closing.set()
        self._keeper.join(30.0)
        self._let_go()

    # ---- turns ----

    @property
    def is_connected(self) -> bool:
        """Whether anybody could hear."""
        return self._client is not None and self._client.status == "running"

    def is_there(self, worker: str) -> bool:
        """Whether the worker with this address takes turns."""
        return worker in self._there

    def ask(
        self, publisher: Publisher, before: Future | State | None, until: int, asked: Asked, pictures: Future | None
    ) -> Asking:
        """Ask for a turn. Lost if nobody can be asked."""
        row, client = publisher.row, self._client
        if client is None or not self.is_connected:
            raise Lost("there is no scheduler")
        asking = Asking(uuid4().hex, lambda: self.is_connected)
        self._asking[asking.ticket] = asking
        wanted = {
            "topic": self._topic,
            "ticket": asking.ticket,
            "versions": about_me()["versions"],
            "run": row.id,
            "config": row.config.model_dump_json(),
            "digest": whole(row.config.data.name).digest,
            "apart": apart_seed(),
            "until": until,
            "asked": asdict(asked),
        }
        try:
            asking.future = client.submit(take_turn, wanted, before, pictures, pure=False, retries=_RETRIES)
        except Exception as why:  # whatever a closing client says
            del self._asking[asking.ticket]
            raise Lost(str(why)) from why
        asking.future.add_done_callback(asking.end)
        return asking

    def forget(self, asking: Asking) -> None:
        """Its news are not waited for any more."""
        self._asking.pop(asking.ticket, None)

    def send(self, publisher: Publisher, data: Dataset) -> Future:
        """Give the pictures of a run to a worker that lacks them; others get them from there. Lost."""
        config = publisher.row.config
        key = (whole(config.data.name).digest, config.data.model_dump_json())
        if self._client is None:
            raise Lost("there is no scheduler")
        if (found := self._sent.get(key)) is None or found.status != "finished":
            found = self._sent[key] = self._client.scatter(data, hash=False)
        return found

    def _hear(self, event: tuple[float, dict[str, Any]]) -> None:
        _, news = event
        if asking := self._asking.pop(news["ticket"], None):  # else it was computed twice
            asking.news = news
            asking.arrived.set()

    # ---- who is there ----

    def _look_after(self) -> None:
        while not self._closing.is_set():
            try:
                if not self.is_connected:
                    self._let_go()
                    self._client, self._own = self._connect()
                    self._client.subscribe_topic(self._topic, self._hear)
                self._see_who_is_there()
            except Exception as why:  # no scheduler yet, or no more; the next look may find one
                logger.debug("no cluster: %s", why)
                self._note_there({})
            self._closing.wait(_LOOK_SECONDS)

    def _see_who_is_there(self) -> None:
        assert self._client is not None
        found = self._client.scheduler_info(n_workers=-1)["workers"]
        new = [address for address in found if address not in self._there and address not in self._refused]
        answers = self._client.run(about_me, workers=new, on_error="return") if new else {}
        there = {address: about for address, about in self._there.items() if address in found}
        for address, about in answers.items():
            if why := self._why_not(found[address]["name"], about):
                self._refused[address] = why, monotonic()
                logger.warning("%s; it is not used", why)
                self._client.retire_workers([address])
            else:
                there[address] = about | {"threads": found[address]["nthreads"]}
        late = monotonic() - _TOLD_SECONDS
        self._refused = {each: told for each, told in self._refused.items() if each in found or told[1] > late}
        self._note_there(there)

    def _why_not(self, name: str, about: Any) -> str | None:
        if not isinstance(about, dict):
            return f"{name} cannot run Glasshouse ({about})"
        other = differences(about_me()["versions"], about["versions"])
        return f"{name} on {about['host']} has {other}" if other else None

    def _note_there(self, there: dict[str, dict[str, Any]]) -> None:
        changed, before = there.keys() != self._there.keys(), self._there
        self._there = there
        if before and not there:
            self._nobody_since = monotonic()
        if changed:
            self.when_changed()

    def _let_go(self) -> None:
        client, own, self._client, self._own = self._client, self._own, None, None
        self._sent.clear()
        with suppress(Exception):
            if client is not None:
                client.close(timeout=5.0)
        with suppress(Exception):
            if own is not None:
                own.close()
