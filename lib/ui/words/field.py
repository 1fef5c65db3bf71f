"""What the things of the field are called on screen: data sets and their classes, layers, losses, optimizers, rates.

The core knows them by names that files and links keep; own data sets are called what their makers typed.
"""

import re
from typing import Protocol

from lib.activations import ACTIVATIONS
from lib.config import Optimizer, Schedule
from lib.datasets.foreign import called
from lib.datasets.sets import SETS, DatasetInfo
from lib.layers.kind import Caption
from lib.losses import LOSSES
from lib.optimizers import OPTIMIZERS
from lib.schedules import SCHEDULES
from lib.ui.words import Said, has_word, number, say


def _titles(part: str, names: dict[str, str], where: str = "") -> Said[str]:
    """A word for each name; a proper name (Adam, ReLU) is the same in every language.

    where: "_heading" for the name where there is little room, in a legend or on an axis
    """
    keys = {name: f"field.{part}_{slug(name)}{where}" for name in names}
    return Said(keys, otherwise=names)


def slug(name: str) -> str:
    """As a key of the catalogues: "T-shirt/top" -> "t_shirt_top"."""
    return re.sub(r"\W+", "_", name.lower())


OPTIMIZER_TITLES: Said[Optimizer] = _titles("optimizer", {name: kind.title for name, kind in OPTIMIZERS.items()})
SCHEDULE_TITLES: Said[Schedule] = _titles("schedule", {name: kind.title for name, kind in SCHEDULES.items()})
ACTIVATION_TITLES = _titles("activation", {name: kind.said for name, kind in ACTIVATIONS.items()})
OPTIMIZER_HEADINGS = _titles("optimizer", {name: kind.heading for name, kind in OPTIMIZERS.items()}, "_heading")
ACTIVATION_HEADINGS = _titles("activation", {name: kind.heading for name, kind in ACTIVATIONS.items()}, "_heading")
LOSS_TITLES = _titles("loss", {name: kind.title for name, kind in LOSSES.items()})


def activation_does(name: str) -> list[str]:
    """What an activation makes of a sum above zero, and of any other; the sum's place is {z}."""
    kind = ACTIVATIONS[name]
    done = {"above": kind.above, "below": kind.below}
    return [_known(f"field.{where}_{slug(name)}", said, z="{z}") for where, said in done.items()]


def schedules_told() -> list[str]:
    """What the rate does under each schedule, as lines of a list."""
    return [f"- **{SCHEDULE_TITLES[name]}**: {say(f'field.schedule_{slug(name)}_about')}" for name in SCHEDULES]


class Classified(Protocol):
    """A data set, loaded or only known."""

    @property
    def name(self) -> str:
        """By which files and links know it."""

    @property
    def classes(self) -> tuple[str, ...]:
        """Their names in the core."""


def classes_of(data: Classified) -> tuple[str, ...]:
    """The names of its classes in the language of whoever looks."""
    return (
        tuple(_known(f"sets.class_{slug(name)}", name) for name in data.classes) if data.name in SETS else data.classes
    )


def title_of(data: DatasetInfo) -> str:
    """What a data set is called."""
    return _known(f"sets.title_{slug(data.name)}", data.title) if data.name in SETS else data.title


def about_of(data: DatasetInfo) -> str:
    """What a person should know before choosing it."""
    return say(f"sets.about_{slug(data.name)}" if data.name in SETS else "sets.about_own")


def strangers_in(name: str) -> str:
    """What the pictures of the data set `name` are to a net that learned other things, in a word or two."""
    return _known(f"sets.strangers_{slug(called(name))}", called(name)) if name in SETS else called(name)


def caption(told: Caption) -> str:
    """Over a layer's pictures: "8 filters 3×3, ReLU · 28×28"."""
    said = say(f"field.{told.code}", **told.values)
    said += f", {ACTIVATION_TITLES[told.activation]}" if told.activation else ""
    comes_out = told.comes_out
    if not comes_out:
        return said
    return f"{said} · {number(comes_out[0]) if len(comes_out) == 1 else '×'.join(map(str, comes_out))}"


def _known(key: str, otherwise: str, **values: str) -> str:
    return say(key, **values) if has_word(key) else otherwise
