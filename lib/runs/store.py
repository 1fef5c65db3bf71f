"""Runs on disk: SQLite for what they published, safetensors for weights. No pickle, nothing half-written.

Layout under `GLASSHOUSE_HOME`: `runs.sqlite`, `runs/<id>/checkpoint.safetensors` and `runs/<id>/snapshots/`. Every
published point is committed at once (write-ahead log), so after a crash or `kill -9` each run is still listed with all
that it had shown.
"""

import json
import shutil
import sqlite3
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from lib.config import RunConfig
from lib.runs.snapshots import Snapshots

RunState = Literal["pending", "running", "paused", "finished", "stopped", "failed"]

# What a missing, damaged or foreign checkpoint raises.
_UNREADABLE = (OSError, SafetensorError, KeyError, TypeError, ValueError)

_SCHEMA = """
CREATE TABLE IF NOT EXISTS runs (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT UNIQUE NOT NULL,
    name TEXT NOT NULL DEFAULT '',
    owner TEXT NOT NULL,
    config TEXT NOT NULL,
    state TEXT NOT NULL,
    message TEXT,
    created REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS entries (
    run TEXT NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
    kind TEXT NOT NULL,              -- point, epoch, mark, check
    position REAL NOT NULL,          -- epochs since the start
    value TEXT NOT NULL              -- JSON
);
CREATE INDEX IF NOT EXISTS entries_of_run ON entries(run, kind, position);
"""


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run as the list shows it."""

    id: str
    name: str
    owner: str
    config: RunConfig
    state: RunState
    message: str | None
    created: float  # Unix time


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Where a run can be taken up again: tensors and plain counters of `TrainState`."""

    tensors: dict[str, Tensor]
    counters: dict[str, Any]


class Store:
    """One folder of runs. Every method may be called from any thread."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._lock = threading.Lock()
        self._db = sqlite3.connect(folder / "runs.sqlite", check_same_thread=False, isolation_level=None, timeout=10.0)
        self._db.execute("PRAGMA journal_mode = WAL")
        # WAL with NORMAL survives the death of the process; only a power cut can cost the last moments.
        self._db.execute("PRAGMA synchronous = NORMAL")
        self._db.execute("PRAGMA foreign_keys = ON")
        self._db.executescript(_SCHEMA)

    def close(self) -> None:
        """Release the database file."""
        with self._lock:
            self._db.close()

    def create(self, run_id: str, owner: str, config: RunConfig, name_for: Any) -> RunRow:
        """Add a run; `name_for(number)` names it by its running number."""
        created = time.time()
        with self._lock, self._db:
            self._db.execute("BEGIN IMMEDIATE")
            cursor = self._db.execute(
                "INSERT INTO runs (id, owner, config, state, created) VALUES (?, ?, ?, 'pending', ?)",
                (run_id, owner, config.model_dump_json(), created),
            )
            name = name_for(cursor.lastrowid)
            self._db.execute("UPDATE runs SET name = ? WHERE id = ?", (name, run_id))
        return RunRow(run_id, name, owner, config, "pending", None, created)

    def rows(self) -> list[RunRow]:
        """All runs, the newest first."""
        return self._select("ORDER BY number DESC")

    def find(self, run_id: str) -> RunRow | None:
        """The run with this id, if there is one."""
        rows = self._select("WHERE id = ?", run_id)
        return rows[0] if rows else None

    def set_state(self, run_id: str, state: str, message: str | None) -> None:
        """Note a run's state and the sentence that goes with it."""
        with self._lock:
            self._db.execute("UPDATE runs SET state = ?, message = ? WHERE id = ?", (state, message, run_id))

    def delete(self, run_id: str) -> None:
        """Forget a run and its weights."""
        with self._lock:
            self._db.execute("DELETE FROM runs WHERE id = ?", (run_id,))
        shutil.rmtree(self._checkpoint(run_id).parent, ignore_errors=True)

    def append(self, run_id: str, kind: str, entries: Iterable[tuple[float, Any]]) -> None:
        """Add published `(position, value)` entries; on disk when this returns."""
        rows = [(run_id, kind, position, json.dumps(value)) for position, value in entries]
        with self._lock, self._db:
            self._db.execute("BEGIN IMMEDIATE")
            self._db.executemany("INSERT INTO entries (run, kind, position, value) VALUES (?, ?, ?, ?)", rows)

    def entries(self, run_id: str, kind: str) -> list[Any]:
        """Everything published of one kind, in order."""
        with self._lock:
            rows = self._db.execute(
                "SELECT value FROM entries WHERE run = ? AND kind = ? ORDER BY rowid", (run_id, kind)
            ).fetchall()
        return [json.loads(value) for (value,) in rows]

    def forget_after(self, run_id: str, position: float) -> None:
        """Drop what was published beyond a checkpoint: the resumed run publishes it again."""
        with self._lock:
            self._db.execute("DELETE FROM entries WHERE run = ? AND position > ?", (run_id, position))

    def save_checkpoint(self, run_id: str, config: RunConfig, checkpoint: Checkpoint) -> None:
        """Write weights, optimizer and position in one file that is either the old one or the new one."""
        path = self._checkpoint(run_id)
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(".part")
        header = {"config": config.model_dump_json(), "counters": json.dumps(checkpoint.counters)}
        save_file({name: value.contiguous() for name, value in checkpoint.tensors.items()}, draft, metadata=header)
        draft.replace(path)

    def published_counters(self, run_id: str) -> dict[str, Any] | None:
        """The last counters that viewers saw, from the checkpoint's header alone."""
        try:
            with safe_open(self._checkpoint(run_id), framework="pt") as file:
                found: dict[str, Any] | None = json.loads(file.metadata()["counters"]).get("published")
                return found
        except _UNREADABLE:
            return None

    def load_checkpoint(self, run_id: str) -> Checkpoint | None:
        """The newest checkpoint, or None when there is none that can be read."""
        try:
            with safe_open(self._checkpoint(run_id), framework="pt") as file:
                counters = json.loads(file.metadata()["counters"])
                return Checkpoint({name: file.get_tensor(name) for name in file.keys()}, counters)  # noqa: SIM118
        except _UNREADABLE:
            return None

    def snapshots(self, run_id: str) -> Snapshots:
        """The weights of a run at moments of its past."""
        return Snapshots(self._checkpoint(run_id).with_name("snapshots"))

    def _checkpoint(self, run_id: str) -> Path:
        return self._folder / "runs" / run_id / "checkpoint.safetensors"

    def _select(self, tail: str, *values: Any) -> list[RunRow]:
        columns = "id, name, owner, config, state, message, created"
        with self._lock:
            found = self._db.execute(f"SELECT {columns} FROM runs {tail}", values).fetchall()
        rows = []
        for run_id, name, owner, config, *rest in found:
            try:
                parsed = RunConfig.model_validate_json(config)
            except ValueError:
                continue  # written by a version with other settings: not ours to show
            rows.append(RunRow(run_id, name, owner, parsed, *rest))
        return rows
