"""What a class may do, and how large its runs may be: a teacher's choice, that holds at once."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any, Literal, get_args

from lib.config import RunConfig
from lib.datasets.catalogue import info
from lib.lessons.controls import CONTROLS, path_of
from lib.models import DEFAULT_PRESET, preset, summarize
from lib.runs import TooMuch
from lib.telling import told

Act = Literal["uploads", "camera", "own_classes", "deleting"]
ACTS: tuple[Act, ...] = get_args(Act)
MAY_BE_OFF = frozenset({*ACTS, *CONTROLS})
Size = Literal["free", "ten", "thirty"]

NOT_NOW = "Your teacher has turned this off for the class just now."

# No rule of these: an experiment takes several seeds, and how a machine computes is the machine's.
_FREE = frozenset({"seed", "precision"})
Values = Mapping[str, Collection[Any]]  # of a control that is off: what the class may train with, as in JSON


@dataclass(frozen=True, slots=True)
class ClassLimits:
    """Bounds of one run, beside those of the machine, and for how many who train at once they are meant."""

    students: int
    parameters: int
    batch_size: int
    epochs: int
    seconds: float


# Of a class, so that everybody's curve moves: a net of the lessons' size, for as long as a class can wait.
SIZES: dict[Size, ClassLimits | None] = {
    "free": None,
    "ten": ClassLimits(10, 500_000, 512, 50, 300.0),
    "thirty": ClassLimits(30, 100_000, 256, 30, 180.0),
}


def check_size(config: RunConfig, limits: ClassLimits) -> None:
    """Raise TooMuch, in plain words, for a run that is too large for a class."""
    about = info(config.data.name)
    parameters = summarize(config.model, about.input_shape, len(about.classes)).parameters
    if parameters > limits.parameters:
        raise TooMuch(
            f"This net has {parameters:,} parameters; in a class of {limits.students} each may have "
            f"{limits.parameters:,}. Pool before Flatten, or use fewer units.",
            told("refused.class_parameters", parameters=parameters, students=limits.students, most=limits.parameters),
        )
    if config.train.batch_size > limits.batch_size:
        said = told("refused.class_batch", students=limits.students, most=limits.batch_size)
        raise TooMuch(f"In a class of {limits.students} a batch has up to {limits.batch_size} pictures.", said)
    if (config.train.time_budget or 0) > limits.seconds:
        said = told("refused.class_seconds", students=limits.students, most=limits.seconds)
        raise TooMuch(f"In a class of {limits.students} a run takes up to {limits.seconds:g} seconds.", said)
    if not config.train.time_budget and config.train.epochs > limits.epochs:
        said = told("refused.class_epochs", students=limits.students, most=limits.epochs)
        raise TooMuch(f"In a class of {limits.students} a run has up to {limits.epochs} epochs.", said)


def value_of(config: RunConfig, control: str) -> Any:
    """What a set-up has where this control would set it, as in JSON."""
    return reduce(lambda part, name: part[name], path_of(control).split("."), config.model_dump(mode="json"))


def standard(control: str) -> Any:
    """What a newcomer's set-up has there."""
    return value_of(preset(DEFAULT_PRESET, "doodles"), control)


def differing(config: RunConfig, off: Collection[str], values: Values) -> tuple[str, ...]:
    """The controls that are off and that this set-up has another value of than the class may train with."""
    held = [control for control in CONTROLS if control in off and control not in _FREE]
    return tuple(each for each in held if value_of(config, each) not in (values.get(each) or [standard(each)]))


def put_back(config: RunConfig, off: Collection[str], values: Values) -> RunConfig:
    """The set-up with the class's values where its own are not allowed."""
    said = config.model_dump(mode="json")
    for control in differing(config, off, values):
        *way, name = path_of(control).split(".")
        reduce(lambda part, step: part[step], way, said)[name] = next(iter(values.get(control) or [standard(control)]))
    return RunConfig.model_validate_json(json.dumps(said))
