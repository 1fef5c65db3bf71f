"""Runs on disk: SQLite for what they published, safetensors for weights. No pickle, nothing half-written.

Layout under `GLASSHOUSE_HOME`: `runs.sqlite`, `runs/<id>/checkpoint.safetensors` (and the one before) and
`runs/<id>/snapshots/`. Every published point is committed at once (write-ahead log), so after a crash or `kill -9` each
run is still listed with all that it had shown. While the disk refuses, everything waits in memory.
"""

import json
import logging
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal

from lib.config import RunConfig
from lib.home import HomeFailure
from lib.home.database import Database, Statement
from lib.home.files import delete_folder
from lib.home.keeper import Keeper, Unkept
from lib.home.lock import HomeLock
from lib.home.place import use
from lib.runs.checkpoints import Checkpoint, Checkpoints
from lib.runs.named import NamesKept
from lib.runs.rescue import DATABASE, clean_up, find_left_over, open_or_rescue
from lib.runs.rows import COLUMNS, ENDED, LAYOUT, LostRow, RunRow, RunState, entry_of, inserted, row_of
from lib.runs.snapshots import Snapshots

__all__ = ["Checkpoint", "LostRow", "RunRow", "RunState", "Store"]

Purpose = Literal["serve", "write", "read"]

logger = logging.getLogger(__name__)


class Store(NamesKept):
    """One folder of runs. Every method may be called from any thread; none raises because a disk refuses."""

    def __init__(self, folder: Path, purpose: Purpose = "write") -> None:
        """To "serve" takes the folder for this process alone, HomeFailure "taken" if another one has it.

        To "read" makes and changes nothing; HomeFailure where there is nothing that can be read.
        """
        self._folder, self._purpose = folder, purpose
        self._lock: HomeLock | None = None
        self._database = Database(None, LAYOUT)  # stands in until the real one can be opened
        self._renewed = False  # it is another file than before: what this process knows has to be written anew
        self._last_number = 0
        self._fresh: dict[str, RunRow] = {}  # runs that are not on disk yet
        self._unsaved: dict[str, Checkpoint] = {}
        self.when_renewed: Callable[[], None] = lambda: None
        self._keeper = Keeper(self._ready)
        try:
            self._ready()
        except HomeFailure as failure:
            if failure.code == "taken" or purpose == "read":
                raise
            self._keeper.note(failure)

    @property
    def unkept(self) -> Unkept | None:
        """Since when nothing is being kept, and why; None as long as everything is."""
        return self._keeper.unkept

    def clean(self) -> None:
        """Delete what a process that was killed left behind."""
        if self.unkept is None:
            clean_up(self._folder, self._database)

    def left_over(self) -> list[Path]:
        """What lies in the folder and is no part of any run, while it is served."""
        return find_left_over(self._folder, self._database) if self.unkept is None else []

    def close(self) -> None:
        """Write what still waits, as far as the disk lets it, and release the folder."""
        if not self._keeper.close():
            logger.error("not everything could be kept in %s", self._folder)
        self._database.close()
        if self._lock is not None:
            self._lock.release()

    # ---- runs ----

    def create(self, run_id: str, owner: str, config: RunConfig, name_for: Any) -> RunRow:
        """Add a run; `name_for(number)` names it by its running number. ValueError if there is one with this id."""
        if self.find(run_id) is not None:
            raise ValueError(f"there is a run {run_id}")
        last = self._read("SELECT max(seq) FROM sqlite_sequence WHERE name = 'runs'")
        self._last_number = max(*(number or 0 for (number,) in last), self._last_number, 0) + 1
        row = RunRow(run_id, name_for(self._last_number), owner, config, "pending", None, time.time())
        self._fresh[run_id] = row  # until it is written, whenever that may be
        self._write([inserted(row)], lambda: self._fresh.pop(run_id, None))
        return row

    def keep_anew(self, row: RunRow, entries: dict[str, list[tuple[float, Any]]]) -> None:
        """Write a run of this process into a data base that does not know it, or less of it."""
        statements = [inserted(row, over=True), ("DELETE FROM entries WHERE run = ?", (row.id,))]
        for kind, each in entries.items():
            statements += [entry_of(row.id, kind, position, value) for position, value in each]
        self._database.write(statements)

    def newest_ids(self, limit: int, owner: str | None = None) -> list[str]:
        """The ids of the newest runs, of one owner or of all, the newest first."""
        where, values = ("", ()) if owner is None else ("WHERE owner = ?", (owner,))
        kept = self._read(f"SELECT id FROM runs {where} ORDER BY number DESC LIMIT ?", (*values, limit))
        fresh = [run_id for run_id, row in reversed(tuple(self._fresh.items())) if owner in (None, row.owner)]
        return list(dict.fromkeys([*fresh, *(str(run_id) for (run_id,) in kept)]))[:limit]

    def open_ids(self) -> list[str]:
        """The ids of runs that have not ended, the oldest first."""
        question = "SELECT id FROM runs WHERE state IN ('pending', 'running', 'paused') ORDER BY number"
        return [str(run_id) for (run_id,) in self._read(question)]

    def ended_ids(self, owners: tuple[str, ...] | None = None) -> list[str]:
        """The ids of runs that have ended, of these owners or of all, the oldest first."""
        ended = ", ".join(f"'{state}'" for state in sorted(ENDED))
        whose = "" if owners is None else f"AND owner IN ({', '.join('?' * len(owners))})"
        question = f"SELECT id FROM runs WHERE state IN ({ended}) {whose} ORDER BY number"
        return [str(run_id) for (run_id,) in self._read(question, owners or ())]

    def find(self, run_id: str) -> RunRow | LostRow | None:
        """The run with this id, if there is one."""
        if run_id in self._fresh:
            return self._fresh[run_id]
        found = self._read(f"SELECT {COLUMNS} FROM runs WHERE id = ?", (run_id,))
        return row_of(found[0]) if found else None

    def knew(self, owner: str, before: float) -> bool:
        """True if `owner` started a run before that time, in seconds since 1970."""
        return bool(self._read("SELECT 1 FROM runs WHERE owner = ? AND created < ? LIMIT 1", (owner, before)))

    def set_state(self, run_id: str, state: str, message: str | None, result: dict[str, Any] | None = None) -> None:
        """Note a run's state, the sentence that goes with it, and what it measured."""
        told = None if result is None else json.dumps(result)
        change = "UPDATE runs SET state = ?, message = ?, result = coalesce(?, result) WHERE id = ?"
        forget = self.checkpoints(run_id).forget_before if state in ENDED else lambda: None
        self._write([(change, (state, message, told, run_id))], forget)

    def note_result(self, run_id: str, result: dict[str, Any]) -> None:
        """Note what a run that goes on has measured so far."""
        self._write([("UPDATE runs SET result = ? WHERE id = ?", (json.dumps(result), run_id))])

    def delete(self, run_id: str) -> None:
        """Forget a run and its weights."""
        self._fresh.pop(run_id, None)
        self._unsaved.pop(run_id, None)
        self._write([("DELETE FROM runs WHERE id = ?", (run_id,))], lambda: delete_folder(self.folder_of(run_id)))

    # ---- what they published ----

    def append(self, run_id: str, kind: str, entries: Iterable[tuple[float, Any]]) -> None:
        """Add published `(position, value)` entries; on disk when this returns, unless `unkept` says otherwise."""
        self._write([entry_of(run_id, kind, position, value) for position, value in entries])

    def entries(self, run_id: str, kind: str) -> tuple[list[Any], int]:
        """Everything published of one kind, in order, and how many entries could not be read."""
        question = "SELECT value FROM entries WHERE run = ? AND kind = ? ORDER BY rowid"
        values, bad = [], 0
        for (text,) in self._read(question, (run_id, kind)):
            try:
                values.append(json.loads(text))
            except (ValueError, TypeError, RecursionError):
                bad += 1
        return values, bad

    def forget_after(self, run_id: str, position: float) -> None:
        """Drop what was published beyond a checkpoint: the resumed run publishes it again."""
        self._write([("DELETE FROM entries WHERE run = ? AND position > ?", (run_id, position))])

    # ---- weights ----

    def save_checkpoint(self, row: RunRow, checkpoint: Checkpoint) -> None:
        """Write weights, optimizer and position in one file that is either the old one or the new one."""
        about = {"name": row.name, "owner": row.owner, "created": row.created}

        def save() -> None:
            self.checkpoints(row.id).save(row.config, checkpoint, about)
            self._unsaved.pop(row.id, None)

        self._unsaved[row.id] = checkpoint
        self._keeper.keep(save, ("checkpoint", row.id))

    def load_checkpoint(self, run_id: str) -> Checkpoint | None:
        """The newest checkpoint that is whole, or None when there is none."""
        return next(self.whole_checkpoints(run_id), None)

    def whole_checkpoints(self, run_id: str) -> Iterator[Checkpoint]:
        """Those that can be read, the newest first."""
        if waiting := self._unsaved.get(run_id):
            yield waiting
        yield from self.checkpoints(run_id).whole()

    def published_counters(self, run_id: str) -> dict[str, Any] | None:
        """The last counters that viewers saw, from the newest checkpoint's header alone."""
        return self.checkpoints(run_id).published()

    def checkpoints(self, run_id: str) -> Checkpoints:
        """Where a run can be taken up again."""
        return Checkpoints(self.folder_of(run_id))

    def snapshots(self, run_id: str) -> Snapshots:
        """The weights of a run at moments of its past."""
        return Snapshots(self.folder_of(run_id) / "snapshots")

    def folder_of(self, run_id: str) -> Path:
        """Where the files of a run lie."""
        return self._folder / "runs" / run_id

    # ---- what people have to be told ----

    def notes(self) -> list[dict[str, Any]]:
        """What happened to this home, the oldest first, each with a `number`."""
        found = []
        for number, text in self._read("SELECT number, value FROM notes ORDER BY number"):
            with suppress(ValueError, TypeError, RecursionError):
                found.append(dict(json.loads(text)) | {"number": number})
        return found

    def forget_note(self, number: int) -> None:
        """Somebody has read it."""
        self._write([("DELETE FROM notes WHERE number = ?", (number,))])

    # ---- the disk ----

    def _read(self, question: str, values: tuple[Any, ...] = ()) -> list[Any]:
        while True:
            try:
                return (database := self._database).read(question, values)
            except HomeFailure as failure:
                if database is self._database:  # else another one has taken its place meanwhile
                    self._keeper.note(failure)
                    return []

    def _write(self, statements: list[Statement], afterwards: Callable[[], object] = lambda: None) -> None:
        def act() -> None:
            self._database.write(statements)
            afterwards()

        if (stands_in := self._database).in_memory:  # so that what waits can be read
            with suppress(HomeFailure):  # the real one may be there by now
                stands_in.write(statements)
        self._keeper.keep(act)

    def _ready(self) -> None:
        """Have the lock and the file that lies there now. HomeFailure if that cannot be."""
        if self._purpose == "read":
            self._database = Database(self._folder / DATABASE, LAYOUT, read_only=True)
            return
        if self._purpose == "serve" and (self._lock is None or not self._lock.is_there()):
            self._lock, before = HomeLock(self._folder), self._lock
            if before is not None:
                before.release()
                use(self._folder)
        damaged = self.unkept is not None and self.unkept.failure.code == "damaged"
        if not self._database.in_memory and (damaged or not self._database.is_there()):
            self._renewed = True
            self._use(Database(None, LAYOUT))
        if self._database.in_memory:
            self._use(open_or_rescue(self._folder))
        if self._renewed:
            self.when_renewed()  # before what waits: most of that is about runs which have to be there
            self._renewed = False

    def _use(self, database: Database) -> None:
        before, self._database = self._database, database
        before.close()  # who reads it just now asks the new one
