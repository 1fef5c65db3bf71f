"""Which files a downloadable data set consists of: mirrors and checksums come from torchvision's own lists."""

from dataclasses import dataclass
from functools import cache

TORCHVISION_NAMES = {
    "fashion-mnist": "FashionMNIST",
    "mnist": "MNIST",
    "kmnist": "KMNIST",
    "cifar-10": "CIFAR10",
}
_IDX_FILES = tuple(f"{part}-{kind}-ubyte.gz" for part in ("train", "t10k") for kind in ("images-idx3", "labels-idx1"))
