"""The data sets that everybody knows, one a module, in the order of the menus."""

from lib.datasets.sets.cifar_10 import CIFAR_10
from lib.datasets.sets.digits import DIGITS
from lib.datasets.sets.doodles import DOODLES
from lib.datasets.sets.drawn_digits import DRAWN_DIGITS
from lib.datasets.sets.fashion_mnist import FASHION_MNIST
from lib.datasets.sets.kind import DatasetInfo, DatasetKind
from lib.datasets.sets.kmnist import KMNIST
from lib.datasets.sets.mnist import MNIST
from lib.datasets.sets.mnist_5k import MNIST_5K
from lib.datasets.sets.stickers import STICKERS

__all__ = ["SETS", "DatasetInfo", "DatasetKind"]

SETS: dict[str, DatasetKind] = {
    kind.info.name: kind
    for kind in (FASHION_MNIST, DOODLES, DIGITS, DRAWN_DIGITS, STICKERS, MNIST_5K, MNIST, KMNIST, CIFAR_10)
}
