"""Where a browser stands in its lessons, kept on disk so that a reload finds the place again. No names, no pictures."""

import hashlib
import json
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from lib.home import home, write_whole
from lib.home.files import set_aside

_MOST_BYTES = 100_000
_LARGEST = 1e15  # of what can be answered
Notes = dict[str, Any]
_one_at_a_time = threading.Lock()


def change_notebook(owner: str, notes: Notes, change: Callable[[Notes], None]) -> Notes:
    """Change what is kept, and return it; another tab of the browser may have written since `notes` were read.

    notes: stand in where nothing is kept, as on a disk that cannot be written to
    """
    with _one_at_a_time:
        newest = read_notebook(owner) or notes
        change(newest)
        write_notebook(owner, newest)
    return newest


def read_notebook(owner: str) -> Notes:
    """What `write_notebook` kept for this browser: by lesson; whatever in it is damaged is left out."""
    kept = _kept(owner)
    lessons = kept.items() if isinstance(kept, dict) else ()
    return {name: _whole(notes) for name, notes in lessons if isinstance(notes, dict)}


def is_damaged(owner: str) -> bool:
    """True if not all that was kept for this browser can be read."""
    kept = _kept(owner)
    return kept is not None and kept != read_notebook(owner)


def _kept(owner: str) -> Any:
    """What the file holds, of whatever kind; None if there is none, "" if it is no JSON."""
    path = _path(owner)
    try:
        return json.loads(path.read_text(encoding="utf-8")) if path.stat().st_size <= _MOST_BYTES else ""
    except FileNotFoundError:
        return None
    except (OSError, ValueError, RecursionError):
        return ""


def _whole(notes: Notes) -> Notes:
    """The notes of a lesson, without what is of another kind: "step", and by step "said" and "runs"."""
    kept: Notes = {}
    if isinstance(step := notes.get("step"), int) and step >= 0:
        kept["step"] = step
    for kind, is_one in (("said", _is_number), ("runs", lambda value: isinstance(value, str))):
        if isinstance(entries := notes.get(kind), dict):
            kept[kind] = {name: value for name, value in entries.items() if is_one(value)}
    return kept


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and abs(value) <= _LARGEST


def write_notebook(owner: str, notes: Notes) -> None:
    """Keep `notes`, whole or not at all; without a place to write they only live as long as the page."""
    path = _path(owner)
    text = json.dumps(notes, separators=(",", ":"))
    if len(text) > _MOST_BYTES:
        return
    with suppress(OSError):
        if is_damaged(owner):
            set_aside(path)  # kept: somebody may still want to read it
        write_whole(path, text)


def forget_notebook(owner: str) -> None:
    """Delete what this browser answered in lessons, and what of it was set aside as damaged."""
    path = _path(owner)
    with suppress(OSError):
        for kept in path.parent.glob(f"{path.stem}*"):
            kept.unlink(missing_ok=True)


def _path(owner: str) -> Path:
    """Named by a checksum: who reads the folder cannot pretend to be somebody's browser."""
    return home() / "notebooks" / f"{hashlib.sha256(owner.encode()).hexdigest()[:32]}.json"
