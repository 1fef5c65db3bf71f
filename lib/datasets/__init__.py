"""Data sets as tensors in memory, and the way from anybody's picture to what a net expects."""

from lib.datasets.catalogue import DatasetInfo, list_datasets
from lib.datasets.download import DatasetUnavailable, fetch
from lib.datasets.preparation import Prepared, prepare
from lib.datasets.splits import Dataset, Split, load_apart, load_dataset, spread
from lib.pictures.load import UnsafeImage, load_image

__all__ = [
    "Dataset",
    "DatasetInfo",
    "DatasetUnavailable",
    "Prepared",
    "Split",
    "UnsafeImage",
    "fetch",
    "list_datasets",
    "load_apart",
    "load_dataset",
    "load_image",
    "prepare",
    "spread",
]
