"""What one machine can carry, checked before a run starts and answered in words."""

import os
from dataclasses import dataclass
from math import prod

from lib.config import DataConfig, RunConfig
from lib.datasets import DatasetInfo
from lib.models import summarize
from lib.models.shapes import Shape
from lib.runs.machine_memory import memory_mb
from lib.telling import Refusal, told

_BYTES = 4  # of a float32
_SHARE = 0.6  # of the memory that there is; pages, data sets and the system need the rest


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of this installation; each can be set by an environment variable `GLASSHOUSE_<NAME>`."""

    max_parameters: int = 20_000_000
    max_memory_mb: int = 4_000  # of one run, estimated
    max_total_mb: int = 0  # of all runs together, estimated; 0: three fifths of what this machine, or container, has
    max_queued: int = 60  # runs that are not ended, of everyone
    max_queued_each: int = 6  # the same, of one browser
    max_home_mb: int = 5_000  # of the whole folder of Glasshouse; 0: as much as the disk has
    forgotten_seconds: float = 3_600.0  # a paused run that nobody has watched for so long takes no place of everyone's
    lease_seconds: float = 600.0  # a run that nobody has watched for so long is paused; 0: never
    end_unwatched_seconds: float = 0.0  # ... and ended after so long; 0: never
    slice_seconds: float = 0.2  # of one turn on the training thread
    workers: int = 1  # training threads; one with all cores is the fastest

    @classmethod
    def from_environment(cls) -> "Limits":
        """Read the variables that are set; ValueError names one that is not a number."""
        chosen: dict[str, int | float] = {}
        for name, kind in cls.__annotations__.items():
            text = os.environ.get(f"GLASSHOUSE_{name.upper()}")
            if text is not None:
                try:
                    chosen[name] = kind(text)
                except ValueError:
                    raise ValueError(f"GLASSHOUSE_{name.upper()} must be a number, not {text!r}.") from None
        return cls(**chosen)  # type: ignore[arg-type]

    @property
    def all_memory_mb(self) -> float:
        """What all runs together may hold, in megabytes."""
        return self.max_total_mb or _SHARE * memory_mb()


class TooMuch(Refusal):
    """A run that this installation will not start; the text says why and what would fit."""


def memory_estimate_mb(config: RunConfig, input_shape: Shape, classes: int) -> float:
    """Estimate what training holds at once: weights, gradients, two optimizer moments and a batch's activations."""
    summary = summarize(config.model, input_shape, classes)
    values_per_picture = sum(prod(row.output_shape) for row in summary.rows) + prod(input_shape)
    evaluated = max(config.train.batch_size * 3, 500)  # values, gradients and scratch; or 500 pictures evaluated
    return _BYTES * (4 * summary.parameters + values_per_picture * evaluated) / 1e6


def check_pictures(data: DataConfig, info: DatasetInfo) -> None:
    """Raise TooMuch if the set-up wants more pictures than there are."""
    there = info.training_count(data.valid_fraction)
    named = told("told.data", name=info.name)
    for wanted, most, what in ((data.train_size, there, "training"), (data.test_size, info.test_count, "test")):
        if wanted is not None and wanted > most:
            said = told(f"refused.pictures_{what}", data=named, there=most, wanted=wanted)
            raise TooMuch(f"{info.title} has {most:,} {what} pictures; {wanted:,} cannot be taken.", said)
    if any(label >= len(info.classes) for label, _ in data.keep):
        said = told("refused.no_such_class", data=named, classes=len(info.classes))
        message = f"{info.title} has {len(info.classes)} classes; the one that loses pictures is none of them."
        raise TooMuch(message, said)
    if sum(percent == 0 for _, percent in data.keep) == len(info.classes):
        message = "No class has training pictures left: give at least one of them some back."
        raise TooMuch(message, told("refused.no_pictures_left"))


def check(config: RunConfig, input_shape: Shape, classes: int, limits: Limits) -> None:
    """Raise TooMuch or ShapeError, in plain words, if this run should not start."""
    parameters = summarize(config.model, input_shape, classes).parameters
    if parameters > limits.max_parameters:
        raise TooMuch(
            f"This net has {parameters:,} parameters; this machine allows {limits.max_parameters:,}. "
            "Pool before Flatten, or use fewer units.",
            told("refused.parameters", parameters=parameters, most=limits.max_parameters),
        )
    memory = memory_estimate_mb(config, input_shape, classes)
    most = min(limits.max_memory_mb, limits.all_memory_mb)
    if memory > most:
        raise TooMuch(
            f"Training this net would take about {memory:,.0f} MB; this machine allows {most:,.0f} MB. "
            "Use a smaller batch or fewer filters.",
            told("refused.memory", memory=memory, most=most),
        )


def many_runs() -> TooMuch:
    """Why nobody starts another run."""
    message = "Too many runs are open on this machine. Wait until one ends, or stop one."
    return TooMuch(message, told("refused.many_runs"))


def many_of_yours(count: int) -> TooMuch:
    """Why somebody with so many open runs starts no other."""
    return TooMuch(f"You have {count} runs open. Stop one of them first.", told("refused.your_runs", count=count))
