"""How many pictures a set-up trains on, and how many measure it."""

from contextlib import suppress

from lib.config import RunConfig
from lib.datasets import DatasetInfo, DatasetUnavailable, load_dataset


def split_sizes(config: RunConfig, info: DatasetInfo) -> tuple[int, int]:
    """How many pictures train, and how many measure every epoch."""
    valid = info.validation_count(config.data.valid_fraction)
    train = min(config.data.train_size or info.train_count, info.train_count - valid)
    if config.data.keep and info.available:  # how many that leaves only the labels tell
        with suppress(ValueError, DatasetUnavailable):  # said when the run is started
            train = len(load_dataset(**config.data.model_dump()).train)
    return train, valid or min(config.data.test_size or info.test_count, info.test_count)
