"""Where a browser stands in its lessons, kept on disk so that a reload finds the place again. No names, no pictures."""

import hashlib
import json
import os
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from lib.data import home

_MOST_BYTES = 100_000
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
    """What `write_notebook` kept for this browser: by lesson; empty if nothing was, or the file is damaged."""
    path = _path(owner)
    try:
        kept = json.loads(path.read_text(encoding="utf-8")) if path.stat().st_size <= _MOST_BYTES else {}
    except (OSError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}


def write_notebook(owner: str, notes: Notes) -> None:
    """Keep `notes`, whole or not at all; without a place to write they only live as long as the page."""
    path = _path(owner)
    text = json.dumps(notes, separators=(",", ":"))
    if len(text) > _MOST_BYTES:
        return
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(f".{os.getpid()}.{threading.get_ident()}.part")
        part.write_text(text, encoding="utf-8")
        part.replace(path)


def _path(owner: str) -> Path:
    """Named by a checksum: who reads the folder cannot pretend to be somebody's browser."""
    return home() / "notebooks" / f"{hashlib.sha256(owner.encode()).hexdigest()[:32]}.json"
