"""Whole data sets in memory: read once per process, shared by every session."""

import hashlib
import threading
from pathlib import Path
from typing import NamedTuple

from torch import Tensor

from lib.datasets.download import DatasetUnavailable, ways_out
from lib.datasets.local import forget, locate
from lib.datasets.own import PREFIX, delete_own, read_own
from lib.datasets.sets import SETS
from lib.home.place import home


class Whole(NamedTuple):
    """All pictures of a data set. Nobody writes to these tensors."""

    train_images: Tensor  # uint8 (N, C, H, W)
    train_labels: Tensor  # int64 (N,)
    test_images: Tensor
    test_labels: Tensor
    train_alike: Tensor | None = None  # int64 (N,): training pictures with the same number are nearly the same
    digest: str = ""  # of all of the above: what this set is, whatever it is called


_loaded: dict[tuple[Path, str], Whole] = {}
_locks: dict[tuple[Path, str], threading.Lock] = {}


def whole(name: str) -> Whole:
    """Return all of `name`; callers that come while it is being read wait for it. `DatasetUnavailable` if missing."""
    key = (home().absolute(), name)
    with _locks.setdefault(key, threading.Lock()):  # one atomic step, so all callers meet at the same lock
        if key not in _loaded:
            found = _read(name)
            _loaded[key] = found._replace(digest=_digest(found))
        return _loaded[key]


def delete(name: str, by: str) -> None:
    """Delete a data set of one's own, here and on disk. NotYours."""
    key = (home().absolute(), name)
    with _locks.setdefault(key, threading.Lock()):  # whoever reads it now would keep it
        delete_own(name, by)
        _loaded.pop(key, None)


def _digest(full: Whole) -> str:
    found = hashlib.blake2b(digest_size=16)
    for part in full[:5]:
        found.update(b"" if part is None else part.contiguous().numpy().data)
    return found.hexdigest()


def _read(name: str) -> Whole:
    if name.startswith(PREFIX):
        try:
            return Whole(*read_own(name))
        except ValueError as problem:
            raise DatasetUnavailable(f"This data set of your own cannot be read: {problem}.") from problem
    kind = SETS[name]
    folder = locate(name)
    if folder is None:
        raise DatasetUnavailable(f"{name} is not on this machine: {ways_out(name)}")
    try:
        return Whole(*kind.read(folder))
    except ValueError as error:
        if kind.info.offline:  # no file of anybody's
            raise
        forget(folder)  # damaged since its checksum was found right
        raise DatasetUnavailable(f"The copy of {name} in {folder} is damaged: {ways_out(name)}") from error
