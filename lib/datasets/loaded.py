"""Whole data sets in memory: read once per process, shared by every session."""

import hashlib
import threading
from pathlib import Path
from typing import NamedTuple

from torch import Tensor

from lib.datasets.apart import apart_seed, parted
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


class Apart(NamedTuple):
    """Test pictures that `whole` lacks, because they are kept apart."""

    images: Tensor  # uint8 (N, C, H, W)
    labels: Tensor  # int64 (N,)


_Key = tuple[Path, str, int | None]
_loaded: dict[_Key, Whole] = {}
_apart: dict[_Key, Apart] = {}
_locks: dict[_Key, threading.Lock] = {}


def whole(name: str) -> Whole:
    """Return all of `name`; callers that come while it is being read wait for it. `DatasetUnavailable` if missing."""
    key = _key(name)
    with _locks.setdefault(key, threading.Lock()):  # one atomic step, so all callers meet at the same lock
        if key not in _loaded:
            found = _read(name)
            if (seed := key[2]) is not None:
                stays, hidden = parted(found.test_labels, seed)
                _apart[key] = Apart(found.test_images[hidden], found.test_labels[hidden])
                found = found._replace(test_images=found.test_images[stays], test_labels=found.test_labels[stays])
            _loaded[key] = found._replace(digest=_digest(found))
        return _loaded[key]


def apart(name: str) -> Apart | None:
    """The test pictures of `name` that are kept apart; None where there are none. `DatasetUnavailable`."""
    whole(name)
    return _apart.get(_key(name))


def delete(name: str, by: str) -> None:
    """Delete a data set of one's own, here and on disk. NotYours."""
    key = _key(name)
    with _locks.setdefault(key, threading.Lock()):  # whoever reads it now would keep it
        delete_own(name, by)
        _loaded.pop(key, None)


def _key(name: str) -> _Key:
    return home().absolute(), name, None if name.startswith(PREFIX) else apart_seed()


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
