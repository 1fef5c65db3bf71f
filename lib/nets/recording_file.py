"""The file of a recorded run: its format, how older ones are read, and how others are refused.

One JSON object, plain data, no weights. `format` and `version` come first; a file of an older version is brought up to
date when it is read, and everything else that is not exactly a recording is refused with the field that is wrong.
"""

import json
import re
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, FailFast, Field, ValidationError, model_validator

from lib.config import MAX_EPOCHS, Refused, RunConfig, first_problem
from lib.datasets.catalogue import info
from lib.datasets.own import FEWEST_CLASSES, MOST, MOST_CLASSES, PREFIX, Kind, find_own
from lib.pictures.names import LONGEST_NAME, clean_name, is_plain, twins_in
from lib.training.precision import Precision

FORMAT: Final = "glasshouse-recording"
VERSION: Final = 3
CHOOSE: Final = "choose a file that Glasshouse saved"
MAX_BYTES = 2_000_000  # the largest that ship have 25 kB
_MOST = 10_000  # entries of one kind
_OWN = re.compile(rf"{PREFIX}[0-9a-f]{{12}}")
_MOST_CLASSES, _MOST_PICTURES = 100, 8
_MOST_BY_DEPTH = (50, _MOST)  # fields, entries of one kind
_MOST_INSIDE = 1_000  # of everything in those

Share = Annotated[float, Field(ge=0.0, le=1.0)]
Position = Annotated[float, Field(ge=0.0, le=MAX_EPOCHS)]  # epochs since the start
Short = Annotated[str, Field(max_length=120)]
_SIGNS = "_.,()+-’"  # beside letters and digits: a name goes into file names, labels and programs
Answers = Annotated[tuple[tuple[Annotated[int, Field(ge=0)], Share], ...], Field(max_length=_MOST_PICTURES)]
Triple = tuple[Position, float | None, Share | None]  # position, loss, accuracy


def _named(name: str) -> str:
    if not is_plain(name, _SIGNS):
        raise ValueError(f"a name has letters, digits and {_SIGNS} only")
    return name


def _is_clean(name: str) -> str:
    if clean_name(name) != name:
        raise ValueError("it is no name that can be given")
    return name


Name = Annotated[str, Field(min_length=1, max_length=60), AfterValidator(_named)]
Given = Annotated[str, Field(min_length=1, max_length=LONGEST_NAME), AfterValidator(_is_clean)]


class NotARecording(Refused):
    """A file that cannot be read as a recorded run; the text says why."""


class _Plain(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Machine(_Plain):
    """Where a run was recorded."""

    cpu: Short
    cores: Annotated[int, Field(ge=1)]
    system: Short


class Score(_Plain):
    """How a recorded net did on the test pictures."""

    loss: float
    accuracy: Share
    confusion: Annotated[tuple[tuple[Annotated[int, Field(ge=0)], ...], ...], Field(max_length=_MOST_CLASSES)]

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> "Score":
        if any(len(row) != len(self.confusion) for row in self.confusion):
            raise ValueError("the confusion counts are no square")
        right = sum(row[index] for index, row in enumerate(self.confusion))
        total = sum(map(sum, self.confusion))
        if total == 0 or abs(right / total - self.accuracy) > 1e-9:
            raise ValueError(f"{right} of {total} pictures right is not an accuracy of {self.accuracy}")
        return self


class Moment(_Plain):
    """What the net said to the strip of test pictures at one moment."""

    at: Position
    answers: Answers  # class and probability for each picture


class Mark(_Plain):
    """The learning rate was changed by hand."""

    at: Position
    learning_rate: Annotated[float, Field(gt=0.0)]


class Pictures(_Plain):
    """What a data set of somebody's own is like: enough to show a run where its pictures are not."""

    title: Given
    kind: Kind
    classes: Annotated[tuple[Given, ...], Field(min_length=FEWEST_CLASSES, max_length=MOST_CLASSES)]
    train_counts: Annotated[tuple[Annotated[int, Field(ge=0, le=MOST)], ...], Field(max_length=MOST_CLASSES)]
    bursts: Annotated[
        tuple[Annotated[tuple[Annotated[int, Field(ge=2, le=MOST)], ...], Field(max_length=MOST)], ...],
        Field(max_length=MOST_CLASSES),
    ] = ()

    @model_validator(mode="after")
    def _is_one_set(self) -> "Pictures":
        if twins_in(self.classes):
            raise ValueError("two classes have the same name")
        if len(self.train_counts) != len(self.classes) or len(self.bursts) not in (0, len(self.classes)):
            raise ValueError("it does not count the pictures of every class")
        large = [sum(sizes) for sizes in self.bursts]
        if any(size > count for size, count in zip(large, self.train_counts, strict=False)):
            raise ValueError("more pictures are alike than there are")
        return self


class Recording(_Plain):
    """All that a finished run published: plain data, no weights."""

    format: Literal["glasshouse-recording"] = FORMAT
    version: Literal[3] = VERSION
    name: Name
    config: RunConfig
    pictures: Pictures | None = None  # of a data set of somebody's own; all others are known everywhere
    date: date
    machine: Machine
    versions: Annotated[dict[Short, Short], Field(max_length=20)]
    precision: Precision
    channels_last: bool = True
    steps: Annotated[int, Field(ge=1)]
    steps_per_epoch: Annotated[int, Field(ge=1)]
    seconds: Annotated[float, Field(ge=0.0)]  # of training and validation
    test: Score
    answers: Answers
    epochs: Annotated[
        tuple[dict[Short, int | float | None], ...], FailFast(), Field(min_length=2, max_length=MAX_EPOCHS + 1)
    ]
    marks: Annotated[tuple[Mark, ...], FailFast(), Field(max_length=_MOST)]
    checks: Annotated[tuple[Triple, ...], FailFast(), Field(max_length=_MOST)]
    points: Annotated[tuple[Triple, ...], FailFast(), Field(max_length=_MOST)]
    moments: Annotated[tuple[Moment, ...], FailFast(), Field(max_length=_MOST)] = ()

    @property
    def message(self) -> str:
        """When and where it was recorded, and what it came to."""
        when, where = f"{self.date.day} {self.date:%B %Y}", f"{self.machine.cpu}, {self.machine.cores} cores"
        how = ", in bfloat16" if self.precision == "bf16" else ""
        result = f"Test accuracy {self.test.accuracy * 100:.1f} %, loss {self.test.loss:.3f}"
        return f"Recorded on {when} on {where}{how}. {result}."

    @model_validator(mode="after")
    def _is_in_order(self) -> "Recording":
        """Curves go forwards; epochs are 0 (the random start), 1, 2, ... with what each must have.

        The last may have been cut short by a clock: 2.06 is 6 % of the third.
        """
        for kind, places in {
            "checks": [check[0] for check in self.checks],
            "points": [point[0] for point in self.points],
            "marks": [mark.at for mark in self.marks],
            "moments": [moment.at for moment in self.moments],
        }.items():
            if any(later < earlier for earlier, later in pairwise(places)):
                raise ValueError(f"the {kind} are not in order")
        for number, epoch in enumerate(self.epochs):
            wanted = {"epoch", "valid_loss", "valid_accuracy"}
            wanted |= {"train_loss", "train_accuracy", "seconds", "learning_rate"} if number else set()
            known = set(epoch) == wanted and None not in (epoch["epoch"], epoch.get("seconds", 0.0))
            place = epoch.get("epoch") or 0
            counts = place == number or (number == len(self.epochs) - 1 and number - 1 < place < number)
            if not known or not counts or epoch.get("learning_rate", 0.0) is None:
                raise ValueError(f"epochs.{number} is not what an epoch says")
        classes = len(self.test.confusion)
        if any(
            label >= classes for moment in (self.answers, *(m.answers for m in self.moments)) for label, _ in moment
        ):
            raise ValueError(f"an answer is none of the {classes} classes")
        return self


def parse_recording(name: str, content: bytes) -> Recording:
    """Read and check the content of a file called `name`; NotARecording says in words what is wrong with it."""
    if len(content) > MAX_BYTES:
        raise NotARecording(f"{name} is larger than {MAX_BYTES / 1e6:g} MB; no recorded run is.")
    try:
        values = json.loads(content.decode("utf-8"))
    except (ValueError, RecursionError):
        values = None
    if not isinstance(values, dict) or values.get("format") != FORMAT:
        raise NotARecording(f"{name} is no recorded run, or it is cut off; {CHOOSE}.")
    if not _is_of_bounded_length(values):
        raise NotARecording(f"{name} is damaged: one of its lists is longer than that of any recorded run.")
    try:
        recording = Recording.model_validate(_up_to_date(name, values))
    except ValidationError as error:
        raise NotARecording(f"{name} is damaged: {first_problem(error)}.") from None
    return _known_here(name, recording)


def _is_of_bounded_length(values: Any) -> bool:
    """Look at lengths before contents: each of a million wrong entries would have a message of its own."""
    level, depth = [values], 0
    while level:
        most = _MOST_BY_DEPTH[depth] if depth < len(_MOST_BY_DEPTH) else _MOST_INSIDE
        if any(len(each) > most for each in level):
            return False
        inside = [value for each in level for value in (each.values() if isinstance(each, dict) else each)]
        level, depth = [value for value in inside if isinstance(value, dict | list)], depth + 1
    return True


def read_recording(path: Path) -> Recording:
    """Read and check a recording; NotARecording says what is wrong with the file."""
    return parse_recording(path.name, path.read_bytes())


def to_bytes(recording: Recording) -> bytes:
    """The content of its file."""
    return recording.model_dump_json().encode() + b"\n"


def _up_to_date(name: str, values: dict[str, Any]) -> dict[str, Any]:
    """Bring what an older version wrote to the present one."""
    match values.get("version"):
        case 1:  # before answers were kept for more than the end; filters always lay channels last
            return values | {"version": VERSION}
        case 2:  # before it could tell of pictures that are not known everywhere
            return values | {"version": VERSION}
        case 3:
            return values
        case version:
            raise NotARecording(f"{name} has version {version!r}; this Glasshouse reads 1 to {VERSION}.")


def _known_here(name: str, recording: Recording) -> Recording:
    """Refuse a recording of pictures that neither it nor this Glasshouse knows: it could not be shown."""
    data, told = recording.config.data.name, recording.pictures
    if told and not _OWN.fullmatch(data):
        raise NotARecording(f"{name} is damaged: pictures: {data} is a data set that ships.")
    here = find_own(data)
    if told and here and here.classes != told.classes:
        raise NotARecording(f"{name} is damaged: pictures.classes: here {data} has other ones.")
    try:
        classes = len(told.classes if told else info(data).classes)
    except ValueError:
        raise NotARecording(f"{name} was recorded on the data set “{data}”, which is not known here.") from None
    if len(recording.test.confusion) != classes:
        raise NotARecording(f"{name} is damaged: test.confusion: {data} has {classes} classes.")
    return recording
