"""What the data base of runs looks like, and its rows as values."""

import json
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from lib.config import RunConfig
from lib.home.database import Layout, Statement

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
    result TEXT                      -- JSON: counters and what was measured, as last published
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
        | {"result": "TEXT"},
        "entries": dict.fromkeys(("run", "kind", "position", "value"), ""),
    },
    version=1,
)
COLUMNS = "id, name, owner, config, state, message, created, result"


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


@dataclass(frozen=True, slots=True)
class LostRow:
    """A run whose row cannot be used: damaged, or written by a version with other settings."""

    id: str
    name: str
    owner: str
    foreign: bool  # it is whole, but not of this version


def row_of(values: tuple[Any, ...]) -> RunRow | LostRow:
    """A row of the columns `COLUMNS` as a value."""
    run_id, name, owner, config, state, message, created, result = values
    run_id, name, owner = str(run_id), str(name), str(owner)
    try:
        settings = RunConfig.model_validate_json(config)
    except (ValueError, TypeError):
        return LostRow(run_id, name, owner, _is_json(config))
    sound = isinstance(message, str | None) and isinstance(created, float | int) and state in get_args(RunState)
    if not sound:
        return LostRow(run_id, name, owner, foreign=False)
    return RunRow(run_id, name, owner, settings, state, message, float(created), parsed_result(result))


def parsed_result(text: Any) -> dict[str, Any]:
    """What `result` says; nothing if it is damaged or not there."""
    try:
        found = json.loads(text) if isinstance(text, str) else {}
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def inserted(row: RunRow, rule: str = "") -> Statement:
    """How a run is added; `rule`: what to do if it is there already."""
    values = (row.id, row.name, row.owner, row.config.model_dump_json(), row.state, row.message, row.created)
    columns = "id, name, owner, config, state, message, created"
    return f"INSERT {rule} INTO runs ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?)", values


def entry_of(run_id: str, kind: str, position: float, value: Any) -> Statement:
    """How something published is added."""
    return (
        "INSERT INTO entries (run, kind, position, value) VALUES (?, ?, ?, ?)",
        (run_id, kind, position, json.dumps(value)),
    )


def _is_json(text: Any) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except (ValueError, TypeError, RecursionError):
        return False
