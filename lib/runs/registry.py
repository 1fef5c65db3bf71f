"""All runs of this process and this folder: start, find, list. One registry a process."""

import atexit
import threading
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from lib.config import RunConfig
from lib.data import home, list_datasets
from lib.data.own import check_open, own_sets
from lib.runs.limits import Limits, TooMuch, check, check_pictures
from lib.runs.names import name_for, new_id
from lib.runs.recording import find_recorded
from lib.runs.run import Run
from lib.runs.scheduler import Scheduler
from lib.runs.store import RunRow, Store

_INTERRUPTED = "Interrupted when Glasshouse stopped. Press Resume to go on from the last checkpoint."


class Registry:
    """Runs belong to the process, not to a browser session."""

    def __init__(self, folder: Path, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._store = Store(folder)
        self._scheduler = Scheduler(
            self.limits.workers,
            self.limits.slice_seconds,
            self.limits.lease_seconds,
            self.limits.end_unwatched_seconds,
        )
        self._lock = threading.Lock()
        self._runs: dict[str, Run] = {}
        self._before_closing: list[Callable[[], None]] = []
        for row in reversed(self._store.rows()):
            if row.state in ("pending", "running"):
                self._store.set_state(row.id, "paused", _INTERRUPTED)
                row = replace(row, state="paused", message=_INTERRUPTED)
            if row.state == "paused":
                self._adopt(row)

    def start(self, config: RunConfig, owner: str, *, stepping: bool = False) -> Run:
        """Queue a new run and return it at once; with `stepping` it does one update and pauses.

        Raises TooMuch, ShapeError or ValueError, in plain words, when it should not start.
        """
        info = next((info for info in list_datasets() if info.name == config.data.name), None)
        if info is None:
            raise ValueError(f"There is no data set called “{config.data.name}”.")
        check_open(config.data.name, owner)
        check_pictures(config.data, info)
        check(config, info.input_shape, len(info.classes), self.limits)
        with self._lock:
            open_runs = [run for run in self._runs.values() if not run.has_ended]
            self._check_queue(open_runs, owner)
            return self._adopt(self._store.create(new_id(), owner, config, name_for), stepping=stepping)

    def find(self, run_id: str) -> Run | None:
        """The run with this id; one that ended in an earlier process is read from disk, or was recorded."""
        with self._lock:
            if run_id not in self._runs and (row := self._store.find(run_id)):
                self._runs[run_id] = Run(row, self._store)
            return self._runs.get(run_id) or find_recorded(run_id)

    def newest(self, limit: int = 50, who: str | None = None) -> list[Run]:
        """The newest runs, the newest first.

        who: of those that this browser may see; and the newest of its own, however many newer ones others have
        """
        rows = self._store.rows()
        if who is not None:
            hidden = {each.name for each in own_sets() if not each.is_open_to(who)}
            rows = [row for row in rows if row.owner == who or row.config.data.name not in hidden]
        mine = [row for row in rows[limit:] if row.owner == who]
        return [run for row in [*rows[:limit], *mine[:limit]] if (run := self.find(row.id))]

    def knew(self, owner: str, before: float) -> bool:
        """True if `owner` started a run before that time, in seconds since 1970."""
        return any(row.owner == owner and row.created < before for row in self._store.rows())

    def delete(self, run: Run, by: str) -> None:
        """Forget a run that has ended, its curve and its weights. NotYours, or ValueError if it has not."""
        run.check_owner(by)
        if not run.has_ended:
            raise ValueError(f"{run.name} has not ended. Stop it first.")
        with self._lock:
            self._runs.pop(run.id, None)
        self._store.delete(run.id)

    def status(self, run: Run) -> dict[str, Any]:
        """`Run.status` and how many other runs share the training threads."""
        return run.status() | {"waiting": self._scheduler.waiting_before(run)}

    def before_closing(self, act: Callable[[], None]) -> None:
        """Have `act` called first of all when the registry closes: whoever starts runs must stop doing so."""
        self._before_closing.append(act)

    def close(self) -> None:
        """Save every run that is under way and let go of the folder."""
        for act in self._before_closing:
            act()
        self._scheduler.close()
        self._store.close()

    def _adopt(self, row: RunRow, *, stepping: bool = False) -> Run:
        run = Run(row, self._store, self._scheduler.wake)
        if stepping:
            run.step(run.owner)
        self._runs[run.id] = run
        self._scheduler.add(run)
        return run

    def _check_queue(self, open_runs: list[Run], owner: str) -> None:
        if len(open_runs) >= self.limits.max_queued:
            raise TooMuch("Too many runs are open on this machine. Wait until one ends, or stop one.")
        if sum(run.owner == owner for run in open_runs) >= self.limits.max_queued_each:
            raise TooMuch(f"You have {self.limits.max_queued_each} runs open. Stop one of them first.")


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
