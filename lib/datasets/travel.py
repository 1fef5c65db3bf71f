"""A data set of one's own as a file: pictures, classes and cut in one safetensors file, which anybody may have made.

Its metadata names the format; who made the set is not in it. A file is refused for its size before it is read, for its
header before its tensors are, and kept only if it could have been made here.
"""

import json
import re
from typing import Annotated, Any, Final, Literal

import torch
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import Tensor

from lib.datasets.own import (
    ALIKE,
    FEWEST,
    FEWEST_CLASSES,
    MOST,
    MOST_CLASSES,
    PARTS,
    PREFIX,
    SHAPES,
    Kind,
    OwnSet,
    find_own,
    keep,
    name_of,
    own_sets,
    read_own,
)
from lib.datasets.owned import check_act
from lib.pictures.names import LONGEST_NAME, clean_name, twins_in

FORMAT: Final = "glasshouse-pictures"
VERSION: Final = 1
_LENGTH = 8  # bytes that say how long the header is
_MOST_HEADER = 20_000  # bytes
# The most pictures there can be, in colour, each with its label and the number of its burst.
MAX_BYTES: Final = _LENGTH + _MOST_HEADER + MOST_CLASSES * MOST * (3 * 32 * 32 + 2 * 8)

IS_OWN: Final = re.compile(rf"{PREFIX}[0-9a-f]{{12}}")  # what a set of one's own is called
Name = Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)]


class NotASet(ValueError):
    """A file that cannot be read as a data set; the text says why."""


class Header(BaseModel):
    """What a file says of its pictures."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    format: Literal["glasshouse-pictures"] = FORMAT
    version: Literal[1] = VERSION
    origin: Annotated[str, Field(pattern=f"^{IS_OWN.pattern}$")]
    title: Name
    kind: Kind
    classes: Annotated[tuple[Name, ...], Field(min_length=FEWEST_CLASSES, max_length=MOST_CLASSES)]
    still: Annotated[tuple[Annotated[int, Field(ge=0, lt=MOST_CLASSES)], ...], Field(max_length=MOST_CLASSES)] = ()

    @model_validator(mode="after")
    def _could_be_made_here(self) -> "Header":
        if any(clean_name(each) != each for each in (self.title, *self.classes)) or twins_in(self.classes):
            raise ValueError("its names are none that can be given")
        if any(label >= len(self.classes) for label in self.still):
            raise ValueError("it speaks of a class that is not there")
        return self


def own_file(own: OwnSet) -> bytes:
    """The file of a set. ValueError if its pictures cannot be read."""
    tensors = dict(zip((*PARTS, ALIKE), read_own(own.name), strict=True))
    names = tuple(map(clean_name, own.classes))
    title = clean_name(own.title)
    header = Header(origin=own.origin or own.name, title=title, kind=own.kind, classes=names, still=own.still)
    content: bytes = save(tensors, {FORMAT: header.model_dump_json()})
    return content


def open_own(name: str, content: bytes, owner: str) -> OwnSet:
    """Keep the set in a file called `name` as one of `owner`'s, for nobody else to see; NotASet, in words. OSError.

    Opened twice it is one set, and as it is by now.
    """
    check_act("uploads", owner)
    if len(content) > MAX_BYTES:
        raise NotASet(f"{name} is larger than {MAX_BYTES / 1e6:.0f} MB; no data set made here is.")
    header = _header(name, content)
    try:
        tensors = load(content)
    except (SafetensorError, ValueError, RuntimeError, TypeError, KeyError):
        raise NotASet(f"{name} is damaged or cut off; take the set away once more.") from None
    if problem := _problem(header, tensors):
        raise NotASet(f"{name} cannot be used: {problem}.")
    tensors = {part: tensors[part] for part in (*PARTS, ALIKE)}
    called = name_of(header.classes, header.kind, owner, tensors)
    here = find_own(called)
    if here and not (here.deleted or here.damaged):
        return here
    told = {"owner": owner, "shared": False, "still": header.still, "origin": header.origin}
    return keep(called, header.title, header.kind, header.classes, tensors, told)


def own_set_for(name: str, who: str) -> OwnSet | None:
    """The set called `name`, or the newest that came as a file of it, if `who` may use its pictures."""
    found = [each for each in own_sets() if not (each.deleted or each.damaged) and each.is_open_to(who)]
    return next((each for each in found if each.name == name), next((e for e in found if e.origin == name), None))


def _header(name: str, content: bytes) -> Header:
    """Read what the file says of itself, at most 20 kB."""
    length = int.from_bytes(content[:_LENGTH], "little")
    told: Any = None
    if length <= _MOST_HEADER:
        try:
            told = json.loads(content[_LENGTH : _LENGTH + length].decode("utf-8"))
            told = json.loads(told["__metadata__"][FORMAT])
        except (ValueError, TypeError, KeyError, RecursionError):
            told = None
    if not isinstance(told, dict):
        raise NotASet(f"{name} is no data set that was taken away from Glasshouse; choose such a file.")
    if told.get("version") != VERSION:
        raise NotASet(f"{name} has version {str(told.get('version'))[:20]}; this Glasshouse reads {VERSION}.")
    try:
        return Header.model_validate(told)
    except ValidationError:
        raise NotASet(f"{name} is damaged: what it says of its classes makes no sense.") from None


def _problem(header: Header, tensors: dict[str, Tensor]) -> str | None:
    """Say why these tensors are no set of those classes; None if they are."""
    if set(tensors) != {*PARTS, ALIKE}:
        return "its parts are not those of a data set"
    classes, shape = len(header.classes), SHAPES[header.kind]
    for images, of_which in (PARTS[:2], PARTS[2:]):
        pictures, labels = tensors[images], tensors[of_which]
        if pictures.dtype != torch.uint8 or tuple(pictures.shape) != (labels.numel(), *shape):
            return "its pictures do not have the size that they must have"
        if labels.dtype != torch.int64 or labels.ndim != 1:
            return "its pictures are in no classes"
        if not len(labels) or labels.min() < 0 or labels.max() >= classes:
            return "a picture is in none of the classes"
    labels, alike = tensors["train_labels"], tensors[ALIKE]
    train = labels.bincount(minlength=classes)
    counts = train + tensors["test_labels"].bincount(minlength=classes)
    if train.min() < 1 or counts.min() < FEWEST or counts.max() > MOST:
        return f"every class has {FEWEST} to {MOST} pictures"
    if alike.dtype != torch.int64 or alike.shape != labels.shape:
        return "it does not say which pictures are alike"
    if alike.min() < 0 or alike.max() >= counts.sum():
        return "it does not say which pictures are alike"
    if any(len(set(labels[alike == number].tolist())) > 1 for number in (alike.bincount() > 1).nonzero().flatten()):
        return "pictures of two classes cannot be alike"
    return None
