"""All runs of this process and this folder: start, find, list. One registry a process."""

import atexit
import threading
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from lib.config import RunConfig
from lib.datasets import list_datasets
from lib.datasets.own import check_open, is_open, own_sets
from lib.home import home, in_words
from lib.home.keeper import Unkept
from lib.runs.doors import Doors
from lib.runs.limits import Limits, check, check_pictures, many_of_yours, many_runs
from lib.runs.names import name_for, new_id
from lib.runs.places import Place, place_from_environment
from lib.runs.run import Run
from lib.runs.scheduler import Scheduler
from lib.runs.space import Clearable, Space
from lib.runs.store import LostRow, RunRow, Store

_INTERRUPTED = "Interrupted when Glasshouse stopped. Press Resume to go on from the last checkpoint."
_ENDED_AT_HAND = 80  # runs that have ended, kept in memory


class Registry:
    """Runs belong to the process, not to a browser session."""

    def __init__(self, folder: Path, limits: Limits | None = None, place: Place | None = None) -> None:
        """HomeFailure "taken" if another process serves the folder; with any other trouble nothing is kept for now."""
        self.limits = limits or Limits()
        self._store = Store(folder, "serve")
        self._store.clean()
        self.space = Space(folder, self._store, self.limits.max_home_mb)
        self._place = place or place_from_environment(self.limits.workers)
        self._scheduler = Scheduler(
            self._place,
            self.limits.slice_seconds,
            self.limits.lease_seconds,
            self.limits.end_unwatched_seconds,
        )
        self._lock = threading.RLock()
        self._runs: dict[str, Run] = {}  # those used last at the end
        self._lost: dict[str, LostRow] = {}
        self._deleted: set[str] = set()
        self._before_closing: list[Callable[[], None]] = []
        self.doors = Doors()
        self._closed = False
        self._take_up()
        self._store.when_renewed = self._renew

    def start(self, config: RunConfig, owner: str, *, stepping: bool = False) -> Run:
        """Queue a new run and return it at once; with `stepping` it does one update and pauses.

        Raises TooMuch, ShapeError or ValueError, in plain words, when it should not start.
        """
        with self.doors.starting(owner):
            info = next((info for info in list_datasets() if info.name == config.data.name), None)
            if info is None:
                raise ValueError(f"There is no data set called “{config.data.name}”.")
            check_open(config.data.name, owner)
            check_pictures(config.data, info)
            check(config, info.input_shape, len(info.classes), self.limits)
            self.doors.check_start(config, owner)
            self.space.make_room()
            with self._lock:
                open_runs = [run for run in self._runs.values() if not run.has_ended]
                self._check_queue(open_runs, owner)
                return self._adopt(self._store.create(new_id(), owner, config, name_for), stepping=stepping)

    def find_for(self, run_id: str, who: str) -> Run | None:
        """The run with this id, if `who` may see it.

        None for a run on pictures that somebody else keeps to themselves, as for one that is not there.
        """
        run = self.find(run_id)
        return run if run is not None and (run.owner == who or is_open(run.config.data.name, who)) else None

    def find(self, run_id: str) -> Run | None:
        """The run with this id, whoever asks; one that ended earlier is read from disk."""
        if not run_id.isascii():  # ids are; and not every text can be asked for
            return None
        with self._lock:
            if run_id in self._deleted:  # somebody may still ask while it is being deleted
                return None
            run = self._runs.pop(run_id, None)
            if run is None and run_id not in self._lost:
                row = self._store.find(run_id)
                if isinstance(row, LostRow):
                    self._lost[run_id] = row
                elif row is not None:
                    run = Run(row, self._store, place=self._place)
            if run is not None:
                self._runs[run_id] = run
                self._make_room()
            return run

    def newest(self, limit: int = 50, who: str | None = None) -> list[Run]:
        """The newest runs, the newest first. who: that this browser may see, and its own however many others have."""
        if who is None:
            return self._newest(limit, None, lambda _: True)
        hidden = {each.name for each in own_sets() if not each.is_open_to(who)}
        found = self._newest(limit, None, lambda run: run.owner == who or run.config.data.name not in hidden)
        return list(dict.fromkeys([*found, *self.newest_of(who, limit)]))

    def newest_of(self, owner: str, limit: int = 50) -> list[Run]:
        """The newest runs of one browser, the newest first."""
        return self._newest(limit, owner, lambda _: True)

    def _newest(self, limit: int, owner: str | None, may_see: Callable[[Run], bool]) -> list[Run]:
        """Ids first: nothing is read of runs that are not among the newest."""
        asked = limit
        while True:
            ids = self._store.newest_ids(asked, owner)
            found = [run for run_id in ids if (run := self.find(run_id)) and may_see(run)]
            if len(found) >= limit or len(ids) < asked:  # enough, or there are no more
                return found[:limit]
            asked += limit

    def lost(self, limit: int = 50) -> list[LostRow]:
        """Those of the newest runs that cannot be read."""
        ids = [run_id for run_id in self._store.newest_ids(limit) if self.find(run_id) is None]
        return [self._lost[run_id] for run_id in ids if run_id in self._lost]

    def share_of(self, owner: str) -> float:
        """What part of the training threads one more run of `owner` would get, 0..1."""
        return self._scheduler.share_of(owner)

    def in_line(self) -> int:
        """How many runs of all owners want turns just now."""
        return self._scheduler.waiting_before(None)

    @property
    def workers(self) -> int:
        """How many turns are computed at once just now."""
        return self._place.workers

    def knew(self, owner: str, before: float) -> bool:
        """True if `owner` started a run before that time, in seconds since 1970."""
        return self._store.knew(owner, before)

    def delete(self, run: Run, by: str) -> None:
        """Forget a run that has ended, its curve and its weights. NotYours, or ValueError if it has not."""
        run.check_owner(by)
        if not run.has_ended:
            raise ValueError(f"{run.name} has not ended. Stop it first.")
        self.doors.check_deletion(by)
        self._forget(run)

    def _forget(self, run: Run) -> None:
        with self._lock:
            self._deleted.add(run.id)
            self._runs.pop(run.id, None)
        self._store.delete(run.id)

    def clear_away(self, wanted: Clearable, by: str) -> int:
        """Delete what `Space.clearable` offered, as far as it is still ended and `by`'s or nobody's; how many runs."""
        self.doors.check_deletion(by)
        may = set(self._store.ended_ids((by, "")))
        runs = [self.find(run_id) for run_id in wanted.run_ids if run_id in may]
        gone = [run for run in runs if run is not None and run.has_ended]
        for run in gone:
            self._forget(run)
        self.space.delete_left_over(wanted)
        return len(gone)

    def status(self, run: Run) -> dict[str, Any]:
        """`Run.status`, how many other runs share the training threads (`waiting`), how many threads (`workers`).

        And how many seconds lie between two turns of the run (`turn_every`), where others have theirs in between.
        """
        waiting, every = self._scheduler.waiting_before(run), self._scheduler.turn_every(run)
        said = run.status() | {"waiting": waiting, "workers": self._place.workers}
        said["turn_every"] = round(every, 1) if waiting and every and run.state == "running" else None
        if self.unkept is not None and run.state == "running":  # so that who only watches hears of it too
            said["message"] = f"Nothing is being kept just now. {in_words(self.unkept.failure)}"
        elif self._place.note and run.state == "running":
            said["message"] = said["message"] or self._place.note
        return said

    @property
    def unkept(self) -> Unkept | None:
        """Since when nothing is being kept on disk, and why; None as long as everything is."""
        return self._store.unkept

    def notes(self) -> list[dict[str, Any]]:
        """What happened to this home that people have to be told."""
        return self._store.notes()

    def forget_note(self, number: int) -> None:
        """Somebody has read it."""
        self._store.forget_note(number)

    def at_hand(self) -> list[Run]:
        """The runs in memory: all that are open, and those that ended or were asked for lately."""
        with self._lock:
            return list(self._runs.values())

    def before_closing(self, act: Callable[[], None]) -> None:
        """Have `act` called first of all when the registry closes: whoever starts runs must stop doing so."""
        self._before_closing.append(act)

    def close(self, seconds: float = 5.0) -> None:
        """Save every run that is under way, waiting so long for its step, and let go of the folder."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
        for act in self._before_closing:
            act()
        self._scheduler.close(seconds)
        self._place.close()
        self._store.close()

    def _take_up(self) -> None:
        for run_id in self._store.open_ids():
            row = self._store.find(run_id)
            if isinstance(row, RunRow):
                if row.state != "paused":
                    self._store.set_state(row.id, "paused", _INTERRUPTED)
                    row = replace(row, state="paused", message=_INTERRUPTED)
                self._adopt(row)

    def _renew(self) -> None:
        """The home came back as another one, or empty: what this process knows is written there, and shown from it."""
        with self._lock:
            for run in sorted(self._runs.values(), key=lambda run: run.created):
                self._store.keep_anew(run.row, run.log.entries())

    def _adopt(self, row: RunRow, *, stepping: bool = False) -> Run:
        run = Run(row, self._store, self._scheduler.wake, self._place)
        if stepping:
            run.step(run.owner)
        self._runs[run.id] = run
        self._scheduler.add(run)
        return run

    def _make_room(self) -> None:
        """Let go of runs that have ended and were not asked for lately; what was not kept yet stays."""
        if self.unkept is None and len(self._runs) > _ENDED_AT_HAND:
            ended = [run_id for run_id, run in self._runs.items() if run.has_ended]
            for run_id in ended[:-_ENDED_AT_HAND]:
                del self._runs[run_id]

    def _check_queue(self, open_runs: list[Run], owner: str) -> None:
        forgotten = self.limits.forgotten_seconds
        awake = [run for run in open_runs if run.state != "paused" or run.unwatched_seconds() < forgotten]
        if len(awake) >= self.limits.max_queued:
            raise many_runs()
        if sum(run.owner == owner for run in open_runs) >= self.limits.max_queued_each:
            raise many_of_yours(self.limits.max_queued_each)


@cache
def _registry(folder: Path) -> Registry:
    registry = Registry(folder, Limits.from_environment())
    atexit.register(registry.close)
    return registry


_only_one = threading.Lock()


def get_registry() -> Registry:
    """The registry of this process."""
    with _only_one:  # `cache` alone could make two when two pages open at the same moment
        return _registry(home().resolve())
