"""CIFAR-10: unpacked here, read by torchvision."""

import shutil
import tarfile
import warnings
from functools import partial
from pathlib import Path
from typing import IO

import torch
from torch import Tensor

from lib.home import write_whole


def unpack_cifar(archive: Path, files: tuple[str, ...]) -> None:
    """Unpack `files` from `archive` beside it and delete the archive. ValueError if it does not hold them.

    Only the named files are read from the archive, so no path in it can lead elsewhere.
    """
    folder = archive.parent
    try:
        with tarfile.open(archive) as tar:
            for file in files:
                member = tar.extractfile(file)
                if member is None:
                    raise KeyError(file)
                write_whole(folder / file, partial(_unpack, member))
    except (KeyError, tarfile.TarError, EOFError) as error:
        raise ValueError(f"{archive.name} does not hold what it should: {error}") from error
    archive.unlink()


def _unpack(member: IO[bytes], draft: Path) -> None:
    with draft.open("wb") as out:
        shutil.copyfileobj(member, out)


def read_cifar(folder: Path) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Read training pictures and labels, then test's: uint8 `(N, 3, 32, 32)`, int64 `(N,)`. ValueError if damaged."""
    from lib.compat import datasets

    parts: list[Tensor] = []
    for train in (True, False):
        # The files were written by a numpy of 2009; today's warns about how they spell a flag.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                read = datasets.CIFAR10(folder, train=train)
            except RuntimeError as error:
                raise ValueError(f"{folder} is damaged: {error}") from error
        parts += [torch.from_numpy(read.data).permute(0, 3, 1, 2).contiguous(), torch.tensor(read.targets)]
    return parts[0], parts[1], parts[2], parts[3]
