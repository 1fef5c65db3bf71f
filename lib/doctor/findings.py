"""What a rule says: a sentence, the numbers behind it as a small chart, and a change to try."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from lib.config import RunConfig
from lib.doctor.measurements import Measurements
from lib.telling import Told

Tone = Literal["training", "validation", "quiet"]


@dataclass(frozen=True, slots=True)
class Line:
    """One measured curve: (epochs, value); None is a gap."""

    tone: Tone  # which is also what it is called
    points: tuple[tuple[float, float | None], ...]


@dataclass(frozen=True, slots=True)
class Lines:
    """Curves over the epochs; `level` is a thin line to compare with, `mark` a moment to look at."""

    title: Told
    of: Literal["loss", "accuracy"]
    lines: tuple[Line, ...]
    level: tuple[Told, float] | None = None
    mark: tuple[float, Told] | None = None
    kind: Literal["lines"] = "lines"


@dataclass(frozen=True, slots=True)
class Bar:
    """One number with its name; `marked` is what the sentence is about."""

    label: Told | str  # of a layer as it is called
    value: float
    text: Told
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Bars:
    """Numbers beside each other; `limit` is the length of a whole bar, `level` where the doctor begins to speak."""

    title: Told
    bars: tuple[Bar, ...]
    limit: float
    level: tuple[Told, float] | None = None
    kind: Literal["bars"] = "bars"


Evidence = Lines | Bars


@dataclass(frozen=True, slots=True)
class Remedy:
    """A change of the set-up that is worth a try."""

    label: Told  # "learning rate 0.001 instead of 10"
    config: RunConfig


@dataclass(frozen=True, slots=True)
class Finding:
    """Something conspicuous."""

    sentence: tuple[Told, ...]
    evidence: Evidence | tuple[Evidence, Evidence]
    remedy: Remedy | None


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of one rule: what it measured, or why it could not; and what it found, if anything.

    `after`: the name of an earlier finding that may be why this is so; then it is no finding of its own.
    """

    measured: Told | None = None
    finding: Finding | None = None
    unknown: Told | None = None
    after: str | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that the doctor looks for; the interface knows what it is called, sick and sound."""

    name: str
    when: tuple[Told, ...]  # when the doctor says this, with the threshold
    why: tuple[Told, ...]  # why the threshold is where it is
    check: Callable[[Measurements], Checked]
