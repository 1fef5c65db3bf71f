"""Which files a downloadable data set consists of; mirrors and checksums come from torchvision's own lists."""

from typing import NamedTuple

TORCHVISION_NAMES = {"fashion-mnist": "FashionMNIST", "mnist": "MNIST", "kmnist": "KMNIST", "cifar-10": "CIFAR10"}
IDX_FILES = tuple(f"{part}-{kind}-ubyte.gz" for part in ("train", "t10k") for kind in ("images-idx3", "labels-idx1"))
UNPACKED = "cifar-10-batches-py"  # the folder in CIFAR-10's archive
# Debian's package holds the same files packed again without their names, so their checksums differ.
REPACKED = frozenset(
    {
        "cf8536b0aa1a6ac5fa3f23001093305c",  # fashion-mnist, train-images
        "10bea18fdb374794d4bb42e356e600c9",
        "f78720b4224f21cce2f2ccf2d7a94c9a",  # t10k-images
        "0d30e22e447f3c33dab9ed536400ac01",
    }
)


class Source(NamedTuple):
    """Where a data set comes from and what must lie on disk; files are pairs of a path and its MD5."""

    mirrors: tuple[str, ...]
    downloads: tuple[tuple[str, str], ...]
    files: tuple[tuple[str, str], ...]  # what is left when archives are unpacked


def source(name: str) -> Source:
    """Return the source of `name`. ValueError if it is none of the downloadable sets."""
    if name not in TORCHVISION_NAMES:
        raise ValueError(f"{name!r} cannot be downloaded; {', '.join(TORCHVISION_NAMES)} can.")
    from lib.compat import datasets  # a second to import, so only when checksums or mirrors are asked for

    theirs = getattr(datasets, TORCHVISION_NAMES[name])
    if name == "cifar-10":
        unpacked = (*theirs.train_list, *theirs.test_list, (theirs.meta["filename"], theirs.meta["md5"]))
        return Source(
            mirrors=(theirs.url.removesuffix(theirs.filename),),
            downloads=((theirs.filename, theirs.tgz_md5),),
            files=tuple((f"{UNPACKED}/{file}", md5) for file, md5 in unpacked),
        )
    return Source(tuple(theirs.mirrors), tuple(theirs.resources), tuple(theirs.resources))
