"""Where Glasshouse keeps what it makes and fetches."""

import os
from pathlib import Path

from lib.home.failure import HomeFailure

_in_use: set[Path] = set()  # homes that this process serves


def home() -> Path:
    """Return the folder named by `GLASSHOUSE_HOME`, or `.glasshouse` in the current one; it may not exist yet."""
    return Path(os.environ.get("GLASSHOUSE_HOME") or ".glasshouse").expanduser()


def data_folder(name: str) -> Path:
    """Return the folder for the files of the data set `name`; it may not exist yet."""
    return home() / "data" / name


def use(folder: Path) -> None:
    """Note that this process serves `folder`: should it vanish, nobody here makes an empty one in its place."""
    _in_use.add(folder.absolute())


def let_go(folder: Path) -> None:
    """Note that this process no longer serves `folder`."""
    _in_use.discard(folder.absolute())


def make_folder(folder: Path) -> None:
    """Make `folder` and those above it. HomeFailure "gone" within a home that was taken away while it is in use.

    A disk that was unplugged leaves an empty place where it was mounted: what was written there would be hidden as soon
    as the disk comes back.
    """
    for each in tuple(_in_use):  # others come and go meanwhile
        if folder.absolute().is_relative_to(each) and not each.is_dir():
            raise HomeFailure("gone", each)
    folder.mkdir(parents=True, exist_ok=True)
