"""Files of the home: written whole or not at all, and tensors with a checksum of our own."""

import hashlib
import json
import os
import shutil
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor

from lib.home.failure import HomeFailure, failures_at
from lib.home.place import make_folder

PART = ".part"  # ends the name of a file that is being written
_CHECKSUM = "checksum"


def write_whole(path: Path, content: bytes | str | Callable[[Path], object], *, settle: bool = True) -> None:
    """Write a file beside its place and then move it there: whoever looks finds the old one or the new one.

    content: what to write, or a function that writes it to the path that it is given
    settle: wait until it is on the disk, so that it is whole after a power cut too
    HomeFailure if the disk refuses; the old file is still there then.
    """
    with _draft_of(path) as draft:
        if callable(content):
            content(draft)
        else:
            draft.write_bytes(content.encode() if isinstance(content, str) else content)
        if settle:
            _settle(draft)
        draft.replace(path)


def write_secret(path: Path, content: bytes) -> None:
    """Write a file that its owner alone can read, unless one is there: then that one stays, whoever was quicker.

    HomeFailure if the disk refuses.
    """
    with _draft_of(path) as draft:
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:  # noqa: PTH123 (a mode)
            file.write(content)
        _settle(draft)
        try:
            os.link(draft, path)  # as a move, but never over another file
        except FileExistsError:
            pass
        except OSError:  # a disk without hard links, as memory sticks are
            with suppress(FileExistsError), path.open("xb") as file:
                file.write(content)
        path.chmod(0o600)


def set_aside(path: Path, pieces: Sequence[str] = ("",)) -> Path:
    """Rename a file that cannot be read, so that it is kept beside its place, dated; gives its new name.

    None that was set aside before is lost. pieces: the ends of the names of files that belong together
    HomeFailure if the disk refuses.
    """
    stem = f"{path.name}.set-aside-{datetime.now():%Y-%m-%d-%H%M%S}"
    number = 1
    while any(path.with_name(_numbered(stem, number) + piece).exists() for piece in pieces):
        number += 1
    kept = path.with_name(_numbered(stem, number))
    with failures_at(path):
        for piece in pieces:
            old = path.with_name(path.name + piece)
            if old.exists() or old.is_symlink():
                old.rename(kept.with_name(kept.name + piece))
    return kept


def _numbered(stem: str, number: int) -> str:
    return stem if number == 1 else f"{stem}-{number}"


@contextmanager
def _draft_of(path: Path) -> Iterator[Path]:
    """A place beside `path` to write to, empty before and after."""
    with failures_at(path):
        make_folder(path.parent)
        draft = path.with_name(f"{path.name}.{os.getpid()}.{threading.get_ident()}{PART}")
        draft.unlink(missing_ok=True)  # of a process that was killed, and had our number
        try:
            yield draft
        finally:
            draft.unlink(missing_ok=True)


def write_tensors(path: Path, tensors: Mapping[str, Tensor], about: Mapping[str, str], *, settle: bool = True) -> None:
    """Write tensors and texts about them to a safetensors file whose header has a checksum of them all."""
    plain = {name: value.contiguous() for name, value in tensors.items()}
    header = {**about, _CHECKSUM: _checksum(plain, about)}
    write_whole(path, lambda draft: save_file(plain, draft, metadata=header), settle=settle)


def read_tensors(path: Path) -> tuple[dict[str, Tensor], dict[str, str]]:
    """What `write_tensors` wrote: tensors, and the texts about them.

    HomeFailure "gone" when there is no file, "damaged" when any bit of it is not what was written. A file without our
    checksum, as earlier versions wrote them, is taken as it is.
    """
    with failures_at(path), safe_open(path, framework="pt") as file:
        about = dict(file.metadata() or {})
        tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    expected = about.pop(_CHECKSUM, None)
    if expected is not None and expected != _checksum(tensors, about):
        raise HomeFailure("damaged", path, "its checksum is another one")
    return tensors, about


def read_about(path: Path) -> dict[str, str]:
    """The texts in a file's header alone; unchecked, as the tensors are not read."""
    with failures_at(path), safe_open(path, framework="pt") as file:
        return dict(file.metadata() or {})


def delete_folder(folder: Path) -> None:
    """Delete a folder with all that is in it; what cannot be deleted stays."""
    shutil.rmtree(folder, ignore_errors=True)


def size_of(folder: Path) -> int:
    """The bytes that the files in a folder take, as far as they can be seen."""
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):  # gone in between
                total += (Path(place) / name).lstat().st_size
    return total


def _settle(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _checksum(tensors: Mapping[str, Tensor], about: Mapping[str, str]) -> str:
    digest = hashlib.blake2b(json.dumps(dict(about), sort_keys=True).encode(), digest_size=16)
    for name in sorted(tensors):
        value = tensors[name]
        digest.update(f"{name} {value.dtype} {tuple(value.shape)}".encode())
        digest.update(value.reshape(-1).view(torch.uint8).numpy().data)
    return digest.hexdigest()
