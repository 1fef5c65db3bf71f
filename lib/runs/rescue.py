"""Open the data base of runs; one that cannot be opened is set aside, and what can be had back is carried over."""

import json
import logging
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from lib.config import RunConfig
from lib.home import HomeFailure
from lib.home.database import Database, Statement, salvage, set_aside
from lib.home.space import clean, left_over
from lib.runs.checkpoints import Checkpoints
from lib.runs.names import name_for
from lib.runs.rows import LAYOUT

DATABASE = "runs.sqlite"
_FOUND_AGAIN = "Its curve is lost; its weights are from iteration {step:,}."
_TESTED = "Test accuracy {accuracy:.1f} %. "
_COLUMNS = ("number", "id", "name", "owner", "config", "state", "message", "created", "result", "own_name", "note")

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Rescued:
    """What came of a data base that could not be used."""

    why: str  # code of the failure, or "missing"
    runs: int  # whose rows could be read
    entries: int  # of their curves
    found_again: int  # runs without a row, by their folder and checkpoint
    kept: str | None  # where the old file lies; None if there was none
    at: float  # Unix time


def open_or_rescue(folder: Path) -> Database:
    """Open the data base of a home. HomeFailure if nothing can be opened or made there."""
    path = folder / DATABASE
    try:
        if path.is_dir():
            raise HomeFailure("damaged", path, "a folder")
        database = Database(path, LAYOUT)
    except HomeFailure as failure:
        if failure.code not in ("damaged", "later"):
            raise
        kept = set_aside(path)
        logger.warning("%s; it is kept as %s", failure, kept.name)
        database = Database(path, LAYOUT)
        _rescue(database, folder, failure.code, kept)
        return database
    if database.version == 0 and not database.read("SELECT 1 FROM runs LIMIT 1") and any(_folders(folder)):
        _rescue(database, folder, "missing", None)
    return database


def clean_up(folder: Path, database: Database) -> None:
    """Delete half-written files, and folders of runs that are not listed.

    Not while somebody has yet to read that the list was not whole: then no folder is given up.
    """
    with suppress(OSError):
        if not database.read("SELECT 1 FROM notes LIMIT 1"):
            logger.info("cleaned: %s", [path.name for path in clean(folder, _listed(database))])


def find_left_over(folder: Path, database: Database) -> list[Path]:
    """The same, as far as nobody has touched it for long: somebody may be writing just now."""
    with suppress(OSError):
        if not database.read("SELECT 1 FROM notes LIMIT 1"):
            return left_over(folder, _listed(database))
    return []


def _listed(database: Database) -> set[str]:
    return {str(run_id) for (run_id,) in database.read("SELECT id FROM runs")}


def _rescue(database: Database, folder: Path, why: str, kept: Path | None) -> None:
    """Carry over what can be read, and find the runs whose folder is whole."""
    rows = {} if kept is None or not kept.is_file() else {row["id"]: row for row in _sound_rows(kept)}
    database.write([_insert(row) for row in rows.values()])
    found = {each.name: row for each in _folders(folder) if each.name not in rows and (row := _found_row(each))}
    in_order = sorted(found.values(), key=lambda row: float(row["created"]))  # folders have names that tell no order
    database.write([_insert(row) for row in in_order])
    entries = [] if (not rows and not found) or kept is None or not kept.is_file() else salvage(kept, "entries")
    sound = [each for each in entries if each.get("run") in rows.keys() | found.keys() and _is_entry(each)]
    add = "INSERT INTO entries (run, kind, position, value) VALUES (?, ?, ?, ?)"
    database.write([(add, (each["run"], each["kind"], each["position"], each["value"])) for each in sound])
    name = None if kept is None else str(kept)
    told = Rescued(why, len(rows), len(sound), len(found), name, time.time())
    database.write([("INSERT INTO notes (value) VALUES (?)", (json.dumps({"rescued": asdict(told)}),))])
    logger.warning("rescued: %s", told)


def _sound_rows(kept: Path) -> list[dict[str, Any]]:
    rows = []
    for row in salvage(kept, "runs"):
        row = {name: row.get(name) for name in _COLUMNS}
        texts = all(isinstance(row[name], str) for name in ("id", "name", "owner", "config", "state"))
        if texts and row["id"] and isinstance(row["created"], float | int):
            rows.append(row)
    return rows


def _found_row(folder: Path) -> dict[str, Any] | None:
    """What the header of a whole checkpoint tells of its run; None if it tells too little."""
    told = Checkpoints(folder).header()
    if told is None:
        return None
    try:
        config = RunConfig.model_validate_json(told["config"])
        step = int(told["counters"]["step"])
    except (ValueError, KeyError, TypeError):
        return None
    run, published = told["run"], told["counters"].get("published") or {}
    done = published.get("progress", 0.0) >= 1.0
    result = {"counters": published} | {name: told["counters"].get(name) for name in ("tested", "glimpse")}
    tested = result["tested"]
    said = _TESTED.format(accuracy=tested["accuracy"] * 100) if tested else ""
    return {
        "number": None,
        "id": folder.name,
        "name": run.get("name") or f"{name_for(1).partition('-')[0]}-{folder.name[:4]}",
        "owner": run.get("owner") or "",
        "config": config.model_dump_json(),
        "state": "finished" if done else "paused",
        "message": said + _FOUND_AGAIN.format(step=step),
        "created": run.get("created") or folder.stat().st_mtime,
        "result": json.dumps(result) if published else None,
    }


def _folders(folder: Path) -> list[Path]:
    try:
        return sorted(each for each in (folder / "runs").iterdir() if each.is_dir())
    except OSError:
        return []


def _is_entry(row: dict[str, Any]) -> bool:
    return (
        isinstance(row.get("kind"), str)
        and isinstance(row.get("position"), float | int)
        and isinstance(row.get("value"), str)
    )


def _insert(row: dict[str, Any]) -> Statement:
    names = ", ".join(_COLUMNS)
    marks = ", ".join("?" * len(_COLUMNS))
    return f"INSERT OR IGNORE INTO runs ({names}) VALUES ({marks})", tuple(row.get(name) for name in _COLUMNS)
