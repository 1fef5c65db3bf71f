"""One home, one server: a lock that its process takes along when it dies."""

import getpass
import json
import os
import platform
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from lib.home.failure import HomeFailure, failures_at
from lib.home.files import write_whole
from lib.home.place import let_go, make_folder, use

_LOCK, _ABOUT = "server.lock", "server.json"


class HomeLock:
    """The right to write to a home. Made by whoever serves it; there is at most one at a time, over all processes."""

    def __init__(self, folder: Path) -> None:
        """HomeFailure "taken", with who holds it and since when, if somebody does; others if it cannot be known."""
        self._folder = folder
        with failures_at(folder):
            make_folder(folder)
            self._lock = FileLock(folder / _LOCK)
            try:
                self._lock.acquire(timeout=0)
            except Timeout:
                raise HomeFailure("taken", folder, **_about(folder)) from None
            self._file = (folder / _LOCK).stat()
        use(folder)
        try:
            write_whole(folder / _ABOUT, json.dumps(_this_process()))
        except HomeFailure as failure:  # what the next one would like to read
            if failure.code != "full":
                self.release()
                raise

    def is_there(self) -> bool:
        """Whether what is locked is still what lies there: the folder may have been taken away, or replaced."""
        try:
            now = (self._folder / _LOCK).stat()
        except OSError:
            return False
        return (now.st_dev, now.st_ino) == (self._file.st_dev, self._file.st_ino)

    def release(self) -> None:
        """Let others have it; nothing happens the second time."""
        self._lock.release()
        let_go(self._folder)


def _this_process() -> dict[str, str]:
    now = datetime.now().strftime("%Y-%m-%d %H:%M:%S")
    try:
        user = getpass.getuser()
    except (OSError, KeyError):  # a container without a list of users
        user = "somebody"
    return {"pid": str(os.getpid()), "user": user, "machine": platform.node() or "this machine", "since": now}


def _about(folder: Path) -> dict[str, str]:
    try:
        told = json.loads((folder / _ABOUT).read_text(encoding="utf-8"))
        return {name: str(told[name])[:100] for name in ("pid", "user", "machine", "since")}
    except (OSError, ValueError, KeyError, TypeError):
        return {}
