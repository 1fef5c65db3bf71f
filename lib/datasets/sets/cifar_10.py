"""CIFAR-10: unpacked here, read by torchvision."""

import shutil
import tarfile
import warnings
from functools import partial
from pathlib import Path
from typing import IO

import torch
from torch import Tensor

from lib.datasets.sets.downloaded import keras_program, known_to_torchvision
from lib.datasets.sets.kind import DatasetInfo, DatasetKind, Download, Fetched, Parts, Program, Strangers
from lib.home import write_whole
from lib.pictures.rules import Conventions

_UNPACKED = "cifar-10-batches-py"  # the folder in its archive
_TORCH = """
train, test = (CIFAR10("data", train=part, download=True) for part in (True, False))
images, test_images = (torch.from_numpy(part.data).permute(0, 3, 1, 2).contiguous() for part in (train, test))
labels, test_labels = (torch.tensor(part.targets) for part in (train, test))
"""
_KERAS = """
(images, labels), (test_images, test_labels) = keras.datasets.cifar10.load_data()
labels, test_labels = labels[:, 0], test_labels[:, 0]
"""


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


def read_cifar(folder: Path) -> Parts:
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


def _source() -> Download:
    known = known_to_torchvision("CIFAR10")
    unpacked = (*known.train_list, *known.test_list, (known.meta["filename"], known.meta["md5"]))
    return Download(
        mirrors=(known.url.removesuffix(known.filename),),
        downloads=((known.filename, known.tgz_md5),),
        files=tuple((f"{_UNPACKED}/{file}", md5) for file, md5 in unpacked),
    )


CIFAR_10 = DatasetKind(
    info=DatasetInfo(
        "cifar-10",
        "CIFAR-10",
        ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"),
        (3, 32, 32),
        (5_000,) * 10,
        10_000,
        False,
        "Small colour photos of animals and vehicles; three colour planes and busy backgrounds make it hard.",
    ),
    read=read_cifar,
    layout=Conventions(photo=True, light_ink=True, box=32, centring="box"),
    strangers=Strangers("photos"),
    fetched=Fetched(_source, (_UNPACKED,), unpack_cifar),
    torch=Program(
        lambda: _TORCH,
        needs=("import torch", "from torchvision.datasets import CIFAR10"),
        packages=("torchvision",),
    ),
    keras=keras_program(_KERAS),
)
