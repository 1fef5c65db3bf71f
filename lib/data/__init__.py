"""Data sets as tensors in memory, and the way from anybody's picture to what a net expects."""

from lib.data.catalogue import DatasetInfo, list_datasets
from lib.data.download import DatasetUnavailable, fetch
from lib.data.pictures import UnsafeImage, load_image
from lib.data.prepare import Prepared, prepare
from lib.data.splits import Dataset, Split, load_dataset

__all__ = [
    "Dataset",
    "DatasetInfo",
    "DatasetUnavailable",
    "Prepared",
    "Split",
    "UnsafeImage",
    "fetch",
    "list_datasets",
    "load_dataset",
    "load_image",
    "prepare",
]
