"""Whole data sets in memory: read once per process, shared by every session."""

import hashlib
import threading
from pathlib import Path
from typing import NamedTuple

from torch import Tensor

from lib.datasets import mnist_5k
from lib.datasets.cifar import read_cifar
from lib.datasets.digits import load_digits
from lib.datasets.download import DatasetUnavailable, ways_out
from lib.datasets.idx import read_idx_pictures
from lib.datasets.local import forget, locate
from lib.datasets.own import PREFIX, delete_own, read_own
from lib.home.place import home
from lib.pen.sketchbook import load_doodles, load_numerals


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
    if name == "digits":
        return Whole(*load_digits())
    if name == "doodles":
        return Whole(*load_doodles())
    if name == "drawn-digits":
        return Whole(*load_numerals())
    folder = locate(name)
    if folder is None:
        raise DatasetUnavailable(f"{name} is not on this machine: {ways_out(name)}")
    try:
        if name == mnist_5k.NAME:
            return Whole(*mnist_5k.read_mnist_5k(folder))
        if name == "cifar-10":
            return Whole(*read_cifar(folder))
        return Whole(*read_idx_pictures(folder, "train"), *read_idx_pictures(folder, "t10k"))
    except ValueError as error:  # damaged since its checksum was found right
        forget(folder)
        raise DatasetUnavailable(f"The copy of {name} in {folder} is damaged: {ways_out(name)}") from error
