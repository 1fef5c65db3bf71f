"""The folder on disk: where it is, whose it is, how a file is written whole, and what can go wrong with it."""

from lib.home.failure import HomeFailure, failures_at
from lib.home.files import read_about, read_tensors, write_tensors, write_whole
from lib.home.place import data_folder, home
from lib.home.words import in_words

__all__ = [
    "HomeFailure",
    "data_folder",
    "failures_at",
    "home",
    "in_words",
    "read_about",
    "read_tensors",
    "write_tensors",
    "write_whole",
]
