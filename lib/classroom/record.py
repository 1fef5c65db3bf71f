"""What is kept of a class: a folder in the home that can be opened again next week."""

import secrets
import time
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from lib.classroom.allowing import Size
from lib.classroom.keeping import read_kept, write_kept
from lib.classroom.two_words import new_code

Door = Literal["open", "ask", "closed"]  # everybody with the code comes in, asks to come in, or stays out
State = Literal["in", "waiting", "removed"]
FOLDER, _FILE = "class", "class.json"
_MOST_BYTES = 1_000_000


class Refused(ValueError):
    """A wish that is not granted: `code` says which sentence the interface has for it."""

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(code)
        self.code, self.values = code, values


class _Kept(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Student(_Kept):
    """Somebody in the class: `key` is for tiles and wishes, `owner` is the secret name of her browser."""

    key: str = Field(pattern=r"^[0-9a-f]{8}$", default_factory=lambda: secrets.token_hex(4))
    owner: str = Field(max_length=64)
    name: str = Field(min_length=1, max_length=60)
    joined: float = Field(default_factory=time.time)
    state: State = "in"
    rehearses: bool = False  # simulated, and forgotten after the rehearsal


class Record(_Kept):
    """The whole class."""

    code: str = Field(default_factory=new_code, pattern=r"^[A-Z0-9]{4,12}$")
    made: float = Field(default_factory=time.time)
    door: Door = "open"
    students: tuple[Student, ...] = ()
    teachers: tuple[str, ...] = ()  # names of their browsers: they train beside the class
    off: tuple[str, ...] = ()  # what students may not do, and the controls that they do not see
    values: dict[str, tuple[Any, ...]] = {}  # of a control that is off: what the class may train with, as in JSON
    size: Size = "free"  # how large their runs may be


_RECORD = TypeAdapter(Record)


def read_record(home: Path) -> Record:
    """The class of this home; a new one where there is none, or where it cannot be read (that is set aside)."""
    return read_kept(home / FOLDER / _FILE, _RECORD, _MOST_BYTES, "The class") or Record()


def write_record(home: Path, record: Record) -> None:
    """Keep the class; where the disk refuses it lasts as long as the process, and the log says so."""
    write_kept(home / FOLDER / _FILE, _RECORD, record, "The class", indent=1)
