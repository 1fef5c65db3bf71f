"""The controls of the dashboard that a link or a lesson may leave out, by the names that they have there."""

from collections.abc import Iterable
from typing import Literal, get_args

Control = Literal[
    "data",
    "train_size",
    "valid_fraction",
    "scale_pixels",
    "balance",
    "layers",
    "learning_rate",
    "epochs",
    "time_budget",
    "batch_size",
    "optimizer",
    "schedule",
    "loss",
    "weight_decay",
    "augment",
    "precision",
    "seed",
]
CONTROLS: tuple[Control, ...] = get_args(Control)

# Where each one's value lies in a `RunConfig`, where its own name does not say it.
_PATHS = {"data": "data.name", "balance": "data.keep", "layers": "model.layers", "seed": "seed"}
_DATA = ("train_size", "valid_fraction", "scale_pixels")


def path_of(control: str) -> str:
    """Where the control's value lies in a set-up: "optimizer" -> "train.optimizer"."""
    return _PATHS.get(control) or (f"data.{control}" if control in _DATA else f"train.{control}")


def read_names(text: str) -> tuple[frozenset[str], list[str]]:
    """Read "optimizer, precision" from an address: the controls that it names, and the words that name none."""
    words = [word for word in text.replace(",", " ").split() if word]
    return frozenset(words) & frozenset(CONTROLS), [word for word in words if word not in CONTROLS]


def all_but(shown: Iterable[str]) -> frozenset[str]:
    """Every control except those that shall be seen."""
    return frozenset(CONTROLS) - frozenset(shown)
