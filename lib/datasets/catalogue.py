"""What data sets there are, and what a person should know before choosing one."""

from dataclasses import dataclass

from lib.datasets import digits, mnist_5k
from lib.datasets.absent import absent_sets, find_absent
from lib.datasets.balance import held_out_counts
from lib.datasets.local import locate
from lib.datasets.own import SHAPES, OwnSet, find_own, own_sets


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


_DIGITS = tuple("0123456789")
_GREY = (1, 28, 28)
_CATALOGUE = (
    DatasetInfo(
        "fashion-mnist",
        "Fashion-MNIST",
        ("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"),
        _GREY,
        (6_000,) * 10,
        10_000,
        False,
        "Photos of clothes from a shop, in ten kinds; harder than digits, because shirts and coats look alike.",
    ),
    DatasetInfo(
        "doodles",
        "Doodles",
        ("circle", "square", "triangle", "star", "heart", "house", "smiley", "fish", "tree", "cup"),
        _GREY,
        (1_000,) * 10,
        2_000,
        True,
        "Little drawings made by a shaky pen of our own, in ten kinds that anyone can redraw with a mouse.",
    ),
    DatasetInfo(
        "digits",
        "Digits",
        _DIGITS,
        _GREY,
        digits.TRAIN_COUNTS,
        digits.TEST_COUNT,
        True,
        "Real handwritten digits, scanned at 8 × 8 pixels and shown here at 28 × 28; few, so training takes seconds. "
        "Other people wrote the test pictures than the training and validation pictures.",
        mirrors=False,
    ),
    DatasetInfo(
        "drawn-digits",
        "Drawn digits",
        _DIGITS,
        _GREY,
        (1_000,) * 10,
        2_000,
        True,
        "Digits that our own pen writes as people do on a screen: printed ones with flag and foot, and joined up.",
        mirrors=False,
    ),
    DatasetInfo(
        mnist_5k.NAME,
        "MNIST 5k",
        _DIGITS,
        _GREY,
        (mnist_5k.TRAIN_COUNT // 10,) * 10,
        mnist_5k.TEST_COUNT,
        False,
        "5,000 of MNIST's handwritten digits in their full 28 × 28 pixels; the same people may have written training "
        "and test pictures, which nobody noted.",
        mirrors=False,
        package=mnist_5k.PACKAGE,
    ),
    DatasetInfo(
        "mnist",
        "MNIST",
        _DIGITS,
        _GREY,
        (5_923, 6_742, 5_958, 6_131, 5_842, 5_421, 5_918, 6_265, 5_851, 5_949),
        10_000,
        False,
        "Handwritten digits from forms and schools, the picture set that most courses begin with.",
        mirrors=False,
    ),
    DatasetInfo(
        "kmnist",
        "Kuzushiji-MNIST",
        ("o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"),
        _GREY,
        (6_000,) * 10,
        10_000,
        False,
        "Japanese characters from old books; each can be written in several very different ways.",
        mirrors=False,
    ),
    DatasetInfo(
        "cifar-10",
        "CIFAR-10",
        ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"),
        (3, 32, 32),
        (5_000,) * 10,
        10_000,
        False,
        "Small colour photos of animals and vehicles; three colour planes and busy backgrounds make it hard.",
    ),
)


def info(name: str) -> DatasetInfo:
    """Return what is known of `name` without looking for its files. ValueError if there is no such data set."""
    for entry in _CATALOGUE:
        if entry.name == name:
            return entry
    if own := find_own(name) or find_absent(name):
        return _of_own(own)
    names = ", ".join(entry.name for entry in _CATALOGUE)
    raise ValueError(f"There is no data set called {name!r}; there are {names}.")


def list_datasets(who: str | None = None) -> tuple[DatasetInfo, ...]:
    """List every data set, and whether it can be loaded now without a network; those of one's own at the end.

    who: leave out what is not open to this browser, and what is only known from recordings
    """
    shipped = (
        DatasetInfo(**{**vars(entry), "available": entry.offline or locate(entry.name) is not None})
        for entry in _CATALOGUE
    )
    known = own_sets() + (absent_sets() if who is None else ())
    return (*shipped, *(_of_own(own) for own in known if who is None or own.is_open_to(who)))


def _of_own(own: OwnSet) -> DatasetInfo:
    lack = "not here" if own.absent else "deleted" if own.deleted else "cannot be read" if own.damaged else ""
    title = f"{own.title} ({lack})" if lack else own.title
    about = "Classes and pictures of your own, kept on this machine."
    mirrors = own.kind == "photo"  # a letter's mirror image is another letter, or none
    return DatasetInfo(
        own.name, title, own.classes, SHAPES[own.kind], own.train_counts, own.test_count, False, about, mirrors,
        available=not lack, bursts=own.bursts,
    )  # fmt: skip
