"""What a home takes on disk, and what was left behind in it."""

import time
from pathlib import Path

from lib.home.files import PART, delete_folder

_STALE_SECONDS = 3_600  # after which a half-written file of another process is taken for left behind


def clean(folder: Path, listed: set[str]) -> list[Path]:
    """Delete half-written files, and folders of runs that are not listed; returns what was deleted.

    Called by whoever has the lock of the home, before anything is written. A download may be under way in another
    process all the same: what is young stays where it can be one.
    """
    gone = []
    for path in folder.rglob(f"*{PART}"):
        try:
            ours = path.is_relative_to(folder / "runs")
            if path.is_file() and (ours or time.time() - path.stat().st_mtime > _STALE_SECONDS):
                path.unlink()
                gone.append(path)
        except OSError:
            continue
    runs = folder / "runs"
    for each in runs.iterdir() if runs.is_dir() else ():
        if each.is_dir() and each.name not in listed:
            delete_folder(each)
            gone.append(each)
    return gone
