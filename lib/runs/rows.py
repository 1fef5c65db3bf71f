"""What the data base of runs looks like, and its rows as values."""

import json
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from lib.config import RunConfig
from lib.home.database import Layout, Statement
from lib.runs.names import own_name, own_note

RunState = Literal["pending", "running", "paused", "finished", "stopped", "failed"]
ENDED: frozenset[str] = frozenset({"finished", "stopped", "failed"})

_SCRIPT = """
CREATE TABLE IF NOT EXISTS runs (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT UNIQUE NOT NULL,
    name TEXT NOT NULL DEFAULT '',
    owner TEXT NOT NULL,
    config TEXT NOT NULL,
    state TEXT NOT NULL,
    message TEXT,
    created REAL NOT NULL,
    result TEXT,                     -- JSON: counters and what was measured, as last published
    own_name TEXT,                   -- what its owner calls it
    note TEXT                        -- what its owner wrote about it
);
CREATE INDEX IF NOT EXISTS runs_of_owner ON runs(owner, number);
CREATE TABLE IF NOT EXISTS entries (
    run TEXT NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
    kind TEXT NOT NULL,              -- point, epoch, mark, check
    position REAL NOT NULL,          -- epochs since the start
    value TEXT NOT NULL              -- JSON
);
CREATE INDEX IF NOT EXISTS entries_of_run ON entries(run, kind, position);
CREATE TABLE IF NOT EXISTS notes (
    number INTEGER PRIMARY KEY,
    value TEXT NOT NULL              -- JSON: what people have to be told about this home
);
"""
LAYOUT = Layout(
    _SCRIPT,
    {
        "runs": dict.fromkeys(("number", "id", "name", "owner", "config", "state", "message", "created"), "")
        | {"result": "TEXT", "own_name": "TEXT", "note": "TEXT"},
        "entries": dict.fromkeys(("run", "kind", "position", "value"), ""),
    },
    version=2,
)
COLUMNS = "id, name, owner, config, state, message, created, result, own_name, note"


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
    result: dict[str, Any] = field(default_factory=dict)  # `counters`, `tested` and `glimpse`, as last published
    own_name: str = ""  # what its owner calls it; "" as long as its first name does
    note: str = ""


@dataclass(frozen=True, slots=True)
class LostRow:
    """A run whose row cannot be used: damaged, or written by a version with other settings."""

    id: str
    name: str
    owner: str
    foreign: bool  # it is whole, but not of this version


def row_of(values: tuple[Any, ...]) -> RunRow | LostRow:
    """A row of the columns `COLUMNS` as a value."""
    run_id, name, owner, config, state, message, created, result, own, note = values
    run_id, name, owner = str(run_id), str(name), str(owner)
    try:
        settings = RunConfig.model_validate_json(config)
    except (ValueError, TypeError):
        return LostRow(run_id, name, owner, _is_json(config))
    sound = isinstance(message, str | None) and isinstance(created, float | int) and state in get_args(RunState)
    if not sound:
        return LostRow(run_id, name, owner, foreign=False)
    told = parsed_result(result), *_told(own, note)
    return RunRow(run_id, name, owner, settings, state, message, float(created), *told)


def _told(name: Any, note: Any) -> tuple[str, str]:
    """A name and a note as they may be shown, whatever the data base says."""
    return own_name(name if isinstance(name, str) else ""), own_note(note if isinstance(note, str) else "")


def parsed_result(text: Any) -> dict[str, Any]:
    """What `result` says; nothing if it is damaged or not there."""
    try:
        found = json.loads(text) if isinstance(text, str) else {}
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def inserted(row: RunRow, *, over: bool = False) -> Statement:
    """How a run is added, unless it is there; `over`: what is known of it then becomes this."""
    told = json.dumps(row.result) if row.result else None
    known = (row.id, row.name, row.owner, row.config.model_dump_json(), row.state, row.message, row.created, told)
    values = (*known, row.own_name or None, row.note or None)
    changes = ", ".join(f"{name} = excluded.{name}" for name in COLUMNS.split(", ")[1:])
    rule = f"UPDATE SET {changes}" if over else "NOTHING"
    return f"INSERT INTO runs ({COLUMNS}) VALUES ({', '.join('?' * len(values))}) ON CONFLICT (id) DO {rule}", values


def entry_of(run_id: str, kind: str, position: float, value: Any) -> Statement:
    """How something published is added; once, also where it is tried again after it was written."""
    told = (run_id, kind, position, json.dumps(value))
    same = "SELECT 1 FROM entries WHERE run = ? AND kind = ? AND position = ? AND value = ?"
    return f"INSERT INTO entries (run, kind, position, value) SELECT ?, ?, ?, ? WHERE NOT EXISTS ({same})", told * 2


def _is_json(text: Any) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except (ValueError, TypeError, RecursionError):
        return False
