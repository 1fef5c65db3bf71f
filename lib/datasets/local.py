"""What lies on this machine: finds whole copies of data sets by their checksums, and remembers what it checked."""

import hashlib
import json
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from lib.datasets.idx import read_idx_gz
from lib.datasets.sets import SETS
from lib.datasets.sets.downloaded import IDX_FILES, REPACKED
from lib.datasets.sets.kind import Fetched
from lib.home import data_folder, write_whole

SYSTEM = Path("/usr/share/datasets")  # where Debian's data packages put theirs
_MEMO = "verified.json"


def locate(name: str) -> Path | None:
    """Find a whole copy of `name`: in `GLASSHOUSE_HOME` first, then one that came with the system or with a package.

    What our own code makes, or a package that is always here brings, is in the folder that keeps it.
    """
    kind, folder = SETS[name], data_folder(name)
    if kind.fetched is None:
        return kind.find() if kind.find else folder
    if folder.is_dir() and (_remembered(folder) or _verified(kind.fetched, folder)):
        return folder
    folder = SYSTEM / name
    if all((folder / file).is_file() for file in IDX_FILES) and all(_sound(folder / file) for file in IDX_FILES):
        return folder
    return None


def is_whole(path: Path, md5: str) -> bool:
    """Tell whether the file is there and has this checksum."""
    return path.is_file() and _checksum(path, *_stamp(path)) in {md5, *REPACKED}


def forget(folder: Path) -> None:
    """Drop what was remembered of `folder`, so that the next look reads every byte again."""
    with suppress(OSError):
        (folder / _MEMO).unlink()
    _checksum.cache_clear()


def _verified(wanted: Fetched, folder: Path) -> bool:
    if not all((folder / landmark).exists() for landmark in wanted.landmarks):
        return False  # without importing torchvision for its checksums
    files = wanted.source().files
    if not all(is_whole(folder / file, md5) for file, md5 in files):
        return False
    with suppress(OSError):  # a folder that cannot be written to is checked again next time
        write_whole(folder / _MEMO, json.dumps({file: _stamp(folder / file) for file, _ in files}), settle=False)
    return True


def _remembered(folder: Path) -> bool:
    """Tell whether all files are as they were when their checksums were found right; reads no data file."""
    try:
        memo = json.loads((folder / _MEMO).read_text())
        return bool(memo) and all(_stamp(folder / file) == tuple(stamp) for file, stamp in memo.items())
    except (OSError, ValueError, TypeError, AttributeError):
        return False


def _sound(path: Path) -> bool:
    if _checksum(path, *_stamp(path)) in REPACKED:
        return True
    try:  # packed by somebody else: gzip's own checksum must do
        read_idx_gz(path)
    except ValueError:
        return False
    return True


def _stamp(path: Path) -> tuple[int, int]:
    stat = path.stat()
    return stat.st_size, stat.st_mtime_ns


@lru_cache(maxsize=64)
def _checksum(path: Path, _size: int, _mtime_ns: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
