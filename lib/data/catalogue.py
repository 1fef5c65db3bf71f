"""What data sets there are, and what a person should know before choosing one."""

from dataclasses import dataclass

from lib.data.local import locate


@dataclass(frozen=True)
class DatasetInfo:
    """One data set as the list on the screen shows it."""

    name: str
    title: str
    classes: tuple[str, ...]
    input_shape: tuple[int, int, int]  # (C, H, W)
    train_count: int
    test_count: int
    offline: bool  # ships with Glasshouse
    about: str
    available: bool = True  # can be loaded right now without a network


_DIGITS = tuple("0123456789")
_GREY = (1, 28, 28)
_CATALOGUE = (
    DatasetInfo(
        "fashion-mnist",
        "Fashion-MNIST",
        ("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"),
        _GREY,
        60_000,
        10_000,
        False,
        "Photos of clothes from a shop, in ten kinds; harder than digits, because shirts and coats look alike.",
    ),
    DatasetInfo(
        "doodles",
        "Doodles",
        ("circle", "square", "triangle", "star", "heart", "house", "smiley", "fish", "tree", "cup"),
        _GREY,
        10_000,
        2_000,
        True,
        "Little drawings made by a shaky pen of our own, in ten kinds that anyone can redraw with a mouse.",
    ),
    DatasetInfo(
        "digits",
        "Digits",
        _DIGITS,
        _GREY,
        1_437,
        360,
        True,
        "Real handwritten digits, scanned at 8 × 8 pixels and shown here at 28 × 28; few, so training takes seconds.",
    ),
    DatasetInfo(
        "mnist",
        "MNIST",
        _DIGITS,
        _GREY,
        60_000,
        10_000,
        False,
        "Handwritten digits from forms and schools, the picture set that most courses begin with.",
    ),
    DatasetInfo(
        "kmnist",
        "Kuzushiji-MNIST",
        ("o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"),
        _GREY,
        60_000,
        10_000,
        False,
        "Japanese characters from old books; each can be written in several very different ways.",
    ),
    DatasetInfo(
        "cifar-10",
        "CIFAR-10",
        ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"),
        (3, 32, 32),
        50_000,
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
    names = ", ".join(entry.name for entry in _CATALOGUE)
    raise ValueError(f"There is no data set called {name!r}; there are {names}.")


def list_datasets() -> tuple[DatasetInfo, ...]:
    """List every data set, and whether it can be loaded now without a network."""
    return tuple(
        DatasetInfo(**{**vars(entry), "available": entry.offline or locate(entry.name) is not None})
        for entry in _CATALOGUE
    )
