"""A data set cut into training, validation and test pictures, as tensors in memory."""

import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakValueDictionary

import torch
from torch import Tensor

from lib.datasets.balance import balanced_order, burst_sizes, cut, held_out_counts, thinned
from lib.datasets.catalogue import info
from lib.datasets.loaded import Whole, apart, whole


@dataclass(frozen=True, eq=False)
class Split:
    """Pictures with their labels."""

    images: Tensor  # uint8 (N, C, H, W)
    labels: Tensor  # int64 (N,)
    scale: float = 1 / 255  # what a net sees is the pixel times this; 1.0 keeps 0..255
    mirrors: bool = True  # a mirrored picture is still one of its class

    def __post_init__(self) -> None:
        if self.images.dtype != torch.uint8 or self.images.ndim != 4:
            raise ValueError("images must be uint8 of shape (N, C, H, W)")
        if self.labels.dtype != torch.int64 or self.labels.shape != self.images.shape[:1]:
            raise ValueError("labels must be int64, one for each image")

    def __len__(self) -> int:
        return len(self.labels)

    def to(self, device: torch.device) -> "Split":
        """The same pictures in the memory of `device`; this very split if they are there."""
        if self.images.device == device:
            return self
        return Split(self.images.to(device), self.labels.to(device), self.scale, self.mirrors)

    def pixels(self, index: Tensor | slice) -> Tensor:
        """The chosen pictures, uint8 `(n, C, H, W)`; of a cut, without making all the others."""
        return _chosen(self.images, index)

    def batch(self, index: Tensor | slice) -> tuple[Tensor, Tensor]:
        """Return the chosen pictures as a net sees them, float32 `(n, C, H, W)`, and their labels `(n,)`."""
        return self.pixels(index).float().mul_(self.scale), _chosen(self.labels, index)


class Cut(Split):
    """Some pictures of a larger set, which stay where they are: ten cuts of one set take hardly more than the set.

    `images` are put together each time somebody asks for them; `pixels` and `batch` take only what is wanted.
    """

    _whole: Tensor
    _index: Tensor

    def __init__(self, whole: Split, index: Tensor) -> None:
        fields: dict[str, Any] = {
            "_whole": whole.images,
            "_index": index,
            "labels": whole.labels.index_select(0, index),
        }
        for name, value in (fields | {"scale": whole.scale, "mirrors": whole.mirrors}).items():
            object.__setattr__(self, name, value)

    @property
    def images(self) -> Tensor:
        """All of its pictures, uint8 `(N, C, H, W)`, as a copy."""
        pictures: Tensor = self._whole.index_select(0, self._index)
        return pictures

    def to(self, device: torch.device) -> Split:
        """The same pictures in the memory of `device`; this very split if they are there."""
        return self if self._whole.device == device else super().to(device)

    def pixels(self, index: Tensor | slice) -> Tensor:
        """The chosen pictures, uint8 `(n, C, H, W)`."""
        return self._whole.index_select(0, _chosen(self._index, index))


def _chosen(values: Tensor, index: Tensor | slice) -> Tensor:
    if isinstance(index, slice):
        return values[index]
    return values.index_select(0, index.to(values.device))  # six times as fast as values[index]


@dataclass(frozen=True, eq=False)
class Dataset:
    """One data set, cut. `valid` is a slice of the training pictures, or `test` itself where there is none."""

    name: str
    train: Split
    valid: Split
    test: Split
    classes: tuple[str, ...]
    input_shape: tuple[int, int, int]  # (C, H, W)


# Equal options share one Dataset as long as anyone holds it; the last two are held for the next page.
_cut: WeakValueDictionary[tuple[Any, ...], Dataset] = WeakValueDictionary()
_recent: deque[Dataset] = deque(maxlen=2)
_lock = threading.Lock()


def load_dataset(
    name: str,
    *,
    train_size: int | None = None,
    test_size: int | None = None,
    valid_fraction: float = 0.1,
    scale_pixels: bool = True,
    keep: Sequence[tuple[int, int]] = (),
    seed: int = 0,
) -> Dataset:
    """Load `name` and cut it: the validation slice first, then as many training and test pictures as wanted.

    Of the training pictures, classes named in `keep` lose all but so many per cent.

    The options are `lib.config.DataConfig`'s. In every part each class has its share, and at least one picture where
    there are enough; the same seed takes the same pictures, and a smaller `train_size` takes some of the larger one's.
    Pictures that are nearly the same are never in training and validation both. ValueError for what is not
    there; `DatasetUnavailable` if the files are not on this machine (nothing is downloaded here).
    """
    about = info(name)
    if not 0 <= valid_fraction <= 0.5:
        raise ValueError(f"The validation slice is between 0 and half of the training pictures, not {valid_fraction}.")
    full = whole(name)
    left = " once validation has its slice" if valid_fraction else ""
    there = len(full.train_labels) - _held_out(full, valid_fraction)
    train_size = _checked(train_size, there, f"{about.title} has {{:,}} training pictures{left}")
    kept_apart = apart(name)
    tests = len(full.test_labels) + (len(kept_apart.labels) if kept_apart else 0)  # a set-up may name them all
    test_size = _checked(test_size, tests, f"{about.title} has {{:,}} test pictures")

    how = (scale_pixels, tuple(map(tuple, keep)), seed)
    key = (name, full.digest, about.classes, train_size, test_size, valid_fraction, *how)
    with _lock:
        dataset = _cut.get(key)
        if dataset is None:
            view = (1 / 255 if scale_pixels else 1.0, about.mirrors)
            valid_index, order = cut(full.train_labels, valid_fraction, _seeded(seed), full.train_alike)
            chosen = thinned(order[:train_size], full.train_labels, keep)
            if len(chosen) == 0:
                raise ValueError("No training pictures are left: give at least one class some back.")
            train = _take(full.train_images, full.train_labels, chosen, *view)
            test_order = balanced_order(full.test_labels, _seeded(seed))
            test = _take(full.test_images, full.test_labels, test_order[:test_size], *view)
            valid = _take(full.train_images, full.train_labels, valid_index, *view) if len(valid_index) else test
            channels, height, width = full.train_images.shape[1:]
            dataset = Dataset(name, train, valid, test, about.classes, (channels, height, width))
            _cut[key] = dataset
        _recent.append(dataset)
    return dataset


def load_apart(name: str, *, scale_pixels: bool = True) -> Split | None:
    """The test pictures of `name` that are kept apart (lib.datasets.apart); None where there are none.

    ValueError and `DatasetUnavailable` as `load_dataset`.
    """
    about, found = info(name), apart(name)
    return None if found is None else Split(*found, 1 / 255 if scale_pixels else 1.0, about.mirrors)


def _held_out(full: Whole, fraction: float) -> int:
    bursts = () if full.train_alike is None else burst_sizes(full.train_labels, full.train_alike)
    return sum(held_out_counts(torch.bincount(full.train_labels).tolist(), fraction, bursts))


def _seeded(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def _checked(size: int | None, there: int, has: str) -> int:
    if size is None:
        return there
    if not 1 <= size <= there:
        raise ValueError(f"{has.format(there)}; {size:,} cannot be taken.")
    return size


def _take(images: Tensor, labels: Tensor, order: Tensor, scale: float, mirrors: bool) -> Split:
    if len(order) == len(labels):  # all of them: share the memory
        return Split(images, labels, scale, mirrors)
    return Cut(Split(images, labels, scale, mirrors), order.sort().values)


def spread(length: int, pictures: int | None) -> Tensor:
    """Indices of `pictures` of `length` pictures, evenly over all of them; None takes all."""
    total = min(length, pictures or length)
    return torch.linspace(0, length - 1, total, dtype=torch.float64).round().long()
