"""What a home takes on disk, and what was left behind in it."""

import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from lib.home.files import PART, delete_folder

_STALE_SECONDS = 3_600  # after which a half-written file of another process is taken for left behind


def clean(folder: Path, listed: set[str]) -> list[Path]:
    """Delete what `left_over` finds when nobody serves the home yet; returns what was deleted."""
    return delete_all(left_over(folder, listed, _STALE_SECONDS, 0.0))


def left_over(
    folder: Path, listed: set[str], downloads: float = _STALE_SECONDS, runs: float = _STALE_SECONDS
) -> list[Path]:
    """Half-written files, and folders of runs that are not listed, that nobody has touched for so many seconds.

    Asked by whoever has the lock of the home. A download may be under way in another process all the same: what is
    young stays where it can be one.
    """
    found = []
    place = folder / "runs"
    for path in folder.rglob(f"*{PART}"):
        if _is_idle(path, runs if path.is_relative_to(place) else downloads) and path.is_file():
            found.append(path)
    for each in place.iterdir() if place.is_dir() else ():
        if each.name not in listed and each.is_dir() and _is_idle(each, runs):
            found.append(each)
    return found


def delete_all(paths: Iterable[Path]) -> list[Path]:
    """Delete files and folders; returns those that are gone."""
    gone = []
    for path in paths:
        if path.is_dir():
            delete_folder(path)
        else:
            with suppress(OSError):
                path.unlink(missing_ok=True)
        gone += [] if path.exists() else [path]
    return gone


def _is_idle(path: Path, seconds: float) -> bool:
    try:
        return seconds <= 0 or time.time() - path.stat().st_mtime > seconds
    except OSError:  # gone in between
        return False
