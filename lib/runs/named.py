"""What a run is called: by the name that it was given, or by one of its owner's own, and what she noted about it."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from lib.home.database import Statement
from lib.runs.names import is_given, own_name, own_note
from lib.runs.rows import COLUMNS, LostRow, RunRow, row_of

if TYPE_CHECKING:
    from lib.runs.store import Store


class NameTaken(ValueError):
    """Another run is called so, or may be once; the value is that name."""


class NamesKept:
    """The part of a store that knows names and notes."""

    _fresh: dict[str, RunRow]
    _read: Callable[..., list[Any]]
    _write: Callable[[list[Statement]], None]

    def find_by_name(self, name: str) -> RunRow | LostRow | None:
        """The newest run that is called so, by its owner or from the start, if there is one."""
        asked = f"SELECT {COLUMNS} FROM runs WHERE ? IN (name, own_name) ORDER BY number DESC LIMIT 1"
        found = self._read(asked, (name,))
        return row_of(found[0]) if found else None

    def is_taken(self, name: str, owner: str, run_id: str) -> bool:
        """Whether another run of `owner` than `run_id` is called so, however it is capitalised."""
        there = self._read("SELECT own_name FROM runs WHERE owner = ? AND id != ? AND own_name != ''", (owner, run_id))
        return name.casefold() in {str(other).casefold() for (other,) in there}

    def describe(self, run_id: str, name: str, note: str) -> None:
        """Keep what a run's owner calls it ("": as at first), and what she noted about it."""
        if run_id in self._fresh:
            self._fresh[run_id] = replace(self._fresh[run_id], own_name=name, note=note)
        self._write([("UPDATE runs SET own_name = ?, note = ? WHERE id = ?", (name or None, note or None, run_id))])


class Named:
    """The part of a run that its owner may word."""

    id: str
    owner: str
    _store: "Store"
    first_name: str  # that it was given
    own_name: str
    note: str
    check_owner: Callable[[str], None]

    @property
    def name(self) -> str:
        """What people call it."""
        return self.own_name or self.first_name

    def rename(self, name: str, by: str) -> None:
        """Call it so, as far as that can be a name; its first name again where nothing is left. NotYours, NameTaken."""
        self.check_owner(by)
        name = own_name(name)
        if name == self.first_name:
            name = ""
        if is_given(name) or (name and self._store.is_taken(name, self.owner, self.id)):
            raise NameTaken(name)
        self.own_name = name
        self._store.describe(self.id, self.own_name, self.note)

    def write_note(self, note: str, by: str) -> None:
        """Keep a sentence about it, cleaned; the one before is gone. NotYours."""
        self.check_owner(by)
        self.note = own_note(note)
        self._store.describe(self.id, self.own_name, self.note)
