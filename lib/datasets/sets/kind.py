"""What every data set answers: what it is called, where its pictures come from, how they are laid out."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

from torch import Tensor

from lib.datasets.balance import held_out_counts
from lib.pictures.rules import Conventions

Parts = tuple[Tensor, Tensor, Tensor, Tensor]  # training pictures uint8 (N, C, H, W), labels int64 (N,), then test's

DIGITS = tuple("0123456789")
GREY = (1, 28, 28)
# How grey pictures lie, as `lib.datasets.measured_rules` would measure it, for nets whose pictures are not here.
WRITTEN = Conventions(photo=False, light_ink=True, box=20, centring="mass")
FILLING = Conventions(photo=False, light_ink=True, box=28, centring="box")  # from edge to edge


@dataclass(frozen=True)
class DatasetInfo:
    """One data set as the list on the screen shows it."""

    name: str
    title: str
    classes: tuple[str, ...]
    input_shape: tuple[int, int, int]  # (C, H, W)
    train_counts: tuple[int, ...]  # training pictures of each class
    test_count: int
    offline: bool  # ships with Glasshouse
    about: str
    mirrors: bool = True  # a mirrored picture is still one of its class; no digit or letter is
    available: bool = True  # can be loaded right now without a network
    package: str = ""  # the Python package that brings its files, where there is one; nothing is downloaded then
    bursts: tuple[tuple[int, ...], ...] = ()  # of each class, the sizes of groups of nearly equal training pictures
    other_hands: bool = False  # nobody who made a training picture made a test picture, as far as is known

    @property
    def train_count(self) -> int:
        """All training pictures, before validation takes its slice."""
        return sum(self.train_counts)

    def validation_count(self, fraction: float) -> int:
        """How many of the training pictures the validation slice takes."""
        return sum(held_out_counts(self.train_counts, fraction, self.bursts))

    def training_count(self, fraction: float) -> int:
        """How many pictures are left to train once validation has its slice."""
        return self.train_count - self.validation_count(fraction)


class Download(NamedTuple):
    """Where the files of a set come from, and what must lie on disk; files are pairs of a path and its MD5."""

    mirrors: tuple[str, ...]
    downloads: tuple[tuple[str, str], ...]
    files: tuple[tuple[str, str], ...]  # what is left when archives are unpacked


class Fetched(NamedTuple):
    """A set that is downloaded, or comes with the system."""

    source: Callable[[], Download]  # takes a second; only for checksums and mirrors
    landmarks: tuple[str, ...]  # without these in its folder nothing else needs to be looked at
    unpack: Callable[[Path, tuple[str, ...]], None] | None = None  # the archive, and what to take out of it


class Program(NamedTuple):
    """How a program that stands alone comes by the pictures: `images, labels, test_images, test_labels`."""

    load: Callable[[], str]  # the code that does it, once what is quoted is there
    quotes: tuple[tuple[ModuleType, tuple[str, ...]], ...] = ()  # parts of our own code: a module, and names or all
    needs: tuple[str, ...] = ()  # import lines
    packages: tuple[str, ...] = ("numpy",)  # by the names that pip knows
    said: str = ""  # more words for the reader


class Strangers(NamedTuple):
    """What its pictures are to a net that learned other things."""

    called: str  # in a word or two
    classes: tuple[str, ...] = ()  # where some of them say it best; none: all


@dataclass(frozen=True, kw_only=True)
class DatasetKind:
    """One data set: a record of everything that is known of it.

    A new one is a module beside this one, and its place in `SETS`.
    """

    info: DatasetInfo
    read: Callable[[Path], Parts]  # all of it, from where `find` or its files are; ValueError if they are damaged
    layout: Conventions
    strangers: Strangers
    fetched: Fetched | None = None
    find: Callable[[], Path | None] | None = None  # where it lies, if it is no download; None: not here
    torch: Program | None = None  # None: the program reads a file that Glasshouse writes
    keras: Program | None = None
