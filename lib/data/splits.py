"""A data set cut into training, validation and test pictures, as tensors in memory."""

import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakValueDictionary

import torch
from torch import Tensor

from lib.data.balance import balanced_order, thinned
from lib.data.catalogue import info
from lib.data.whole import whole


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

    def batch(self, index: Tensor | slice) -> tuple[Tensor, Tensor]:
        """Return the chosen pictures as a net sees them, float32 `(n, C, H, W)`, and their labels `(n,)`."""
        if isinstance(index, slice):
            images, labels = self.images[index], self.labels[index]
        else:  # six times as fast as images[index]
            index = index.to(self.images.device)
            images, labels = self.images.index_select(0, index), self.labels.index_select(0, index)
        return images.float().mul_(self.scale), labels


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

    The options are `lib.config.DataConfig`'s. Every part has its classes as even as possible; the same seed
    takes the same pictures, and a smaller `train_size` takes some of the larger one's. ValueError for what is not
    there; `DatasetUnavailable` if the files are not on this machine (nothing is downloaded here).
    """
    title = info(name).title
    if not 0 <= valid_fraction <= 0.5:
        raise ValueError(f"The validation slice is between 0 and half of the training pictures, not {valid_fraction}.")
    full = whole(name)
    count = len(full.train_labels)
    held_out = validation_count(count, valid_fraction)
    left = " once validation has its slice" if held_out else ""
    train_size = _checked(train_size, count - held_out, f"{title} has {{:,}} training pictures{left}")
    test_size = _checked(test_size, len(full.test_labels), f"{title} has {{:,}} test pictures")

    key = (id(full), train_size, test_size, held_out, scale_pixels, tuple(map(tuple, keep)), seed)
    with _lock:
        dataset = _cut.get(key)
        if dataset is None:
            scale = 1 / 255 if scale_pixels else 1.0
            order = balanced_order(full.train_labels, torch.Generator().manual_seed(seed))
            test_order = balanced_order(full.test_labels, torch.Generator().manual_seed(seed))
            how = (scale, info(name).mirrors)
            chosen = thinned(order[held_out : held_out + train_size], full.train_labels, keep)
            if len(chosen) == 0:
                raise ValueError("No training pictures are left: give at least one class some back.")
            train = _take(full.train_images, full.train_labels, chosen, *how)
            test = _take(full.test_images, full.test_labels, test_order[:test_size], *how)
            valid = _take(full.train_images, full.train_labels, order[:held_out], *how) if held_out else test
            channels, height, width = full.train_images.shape[1:]
            dataset = Dataset(name, train, valid, test, info(name).classes, (channels, height, width))
            _cut[key] = dataset
        _recent.append(dataset)
    return dataset


def validation_count(training_pictures: int, valid_fraction: float) -> int:
    """How many of the training pictures the validation slice takes: at least one, if there is a slice at all."""
    return max(1, round(training_pictures * valid_fraction)) if valid_fraction else 0


def _checked(size: int | None, there: int, has: str) -> int:
    if size is None:
        return there
    if not 1 <= size <= there:
        raise ValueError(f"{has.format(there)}; {size:,} cannot be taken.")
    return size


def _take(images: Tensor, labels: Tensor, order: Tensor, scale: float, mirrors: bool) -> Split:
    if len(order) == len(labels):  # all of them: share the memory
        return Split(images, labels, scale, mirrors)
    index = order.sort().values
    return Split(images[index], labels[index], scale, mirrors)
