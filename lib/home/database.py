"""One SQLite file: opened, checked, set aside where it is damaged, with whatever can be read of it carried over."""

import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from lib.home import files
from lib.home.failure import Code, HomeFailure, failures_at
from lib.home.place import make_folder

Statement = tuple[str, Sequence[Any]]

_WAIT_SECONDS = 1.0  # for a program that holds the file; afterwards what was to be written waits in memory
_MOST_LOOKS = 5_000  # at damaged pages
_PIECES = ("", "-wal", "-shm")  # of one data base on disk

_abandoned: list[sqlite3.Connection] = []


class Layout(NamedTuple):
    """What a data base must look like."""

    script: str  # makes tables that are not there yet
    columns: dict[str, dict[str, str]]  # of each table: columns, and how one that is missing is declared
    version: int  # what `PRAGMA user_version` says


class Database:
    """A data base file, or one in memory where there is no place for a file. Any thread may call any method."""

    def __init__(self, path: Path | None, layout: Layout, *, read_only: bool = False) -> None:
        """HomeFailure if it cannot be opened: "damaged" if it is none, "later" if it lacks what we need of it."""
        self._path = path
        self._lock = threading.Lock()
        self._closed = False
        self._patience = _WAIT_SECONDS
        with failures_at(path or Path()):
            if path is not None and not read_only:
                make_folder(path.parent)
            address = ":memory:" if path is None else f"{path.absolute().as_uri()}?mode={'ro' if read_only else 'rwc'}"
            self._connection = sqlite3.connect(
                address, uri=path is not None, check_same_thread=False, isolation_level=None, timeout=_WAIT_SECONDS
            )
            try:
                self._prepare(layout, read_only)
                # Which file this is: it may be taken away while we hold it, and SQLite would not notice.
                self._file = None if path is None else path.stat()
            except BaseException:
                self._connection.close()
                raise

    def _prepare(self, layout: Layout, read_only: bool) -> None:
        run = self._connection.execute
        (self.version,) = run("PRAGMA user_version").fetchone()
        if not read_only:
            run("PRAGMA journal_mode = WAL")
            # WAL with NORMAL survives the death of the process; only a power cut can cost the last moments.
            run("PRAGMA synchronous = NORMAL")
            run(f"PRAGMA foreign_keys = {'OFF' if self._path is None else 'ON'}")
            self._connection.executescript(layout.script)
        for table, columns in layout.columns.items():
            there = {name for _, name, *_ in run(f"PRAGMA table_info({table})")}
            for name, declared in columns.items():
                if name in there:
                    continue
                if self.version > layout.version or not declared:
                    code: Code = "later" if self.version > layout.version else "damaged"
                    raise HomeFailure(code, self._path or Path(), f"no column {name} in {table}")
                if not read_only:
                    run(f"ALTER TABLE {table} ADD COLUMN {name} {declared}")
        if not read_only:
            if self.version < layout.version:
                run(f"PRAGMA user_version = {layout.version}")
            found = run("PRAGMA quick_check(1)").fetchone()
            if found != ("ok",):
                raise HomeFailure("damaged", self._path or Path(), str(found[0]))

    @property
    def in_memory(self) -> bool:
        """Whether there is no file, and all of it ends with this process."""
        return self._path is None

    def read(self, question: str, values: Sequence[Any] = ()) -> list[Any]:
        """The rows that answer a question. HomeFailure if the file cannot be read."""
        with self._lock, failures_at(self._path or Path()):
            self._check_open()
            return self._connection.execute(question, values).fetchall()

    def write(self, statements: Iterable[Statement]) -> None:
        """Do all of them, or nothing; on disk when this returns. HomeFailure if the disk refuses."""
        path = self._path or Path()
        with self._lock, failures_at(path):
            self._check_open()
            if not self.is_there():
                raise HomeFailure("gone", path)
            try:
                with self._connection:
                    self._connection.execute("BEGIN IMMEDIATE")
                    for statement, values in statements:
                        self._connection.execute(statement, values)
            except sqlite3.OperationalError:
                self._wait_for_others(0.0)  # what is tried again and again must not keep readers waiting
                raise
            self._wait_for_others(_WAIT_SECONDS)

    def _wait_for_others(self, seconds: float) -> None:
        if seconds != self._patience:
            self._connection.execute(f"PRAGMA busy_timeout = {round(1000 * seconds)}")
            self._patience = seconds

    def is_there(self) -> bool:
        """Whether the file that was opened still lies in its place; in memory it always does."""
        if self._path is None or self._file is None:
            return self._path is None
        try:
            now = self._path.stat()
        except OSError:
            return False
        return (now.st_dev, now.st_ino) == (self._file.st_dev, self._file.st_ino)

    def _check_open(self) -> None:
        if self._closed:
            raise HomeFailure("gone", self._path or Path(), "it was closed")

    def close(self) -> None:
        """Release the file; whoever still asks gets HomeFailure "gone"."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            if self.is_there():
                self._connection.close()
            else:  # closing would delete the log by its name, and that may be another file's by now
                _abandoned.append(self._connection)


def set_aside(path: Path) -> Path:
    """Rename a data base that cannot be used, with its log, so that it is kept; returns its new name."""
    return files.set_aside(path, _PIECES)


def salvage(path: Path, table: str) -> list[dict[str, Any]]:
    """Every row of a table that can still be read from a damaged file, by column; its own `rowid` too."""
    try:
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True)
    except sqlite3.Error:
        return []
    connection.text_factory = lambda value: value.decode("utf-8", "replace")
    connection.row_factory = sqlite3.Row
    try:
        first, last = _ends(connection, table)
        return list(_rows_between(connection, table, first, last))
    except sqlite3.Error:
        return []
    finally:
        connection.close()


def _ends(connection: sqlite3.Connection, table: str) -> tuple[int, int]:
    """The first and the last rowid; where the last cannot be asked for, what the sequence of rowids can still tell."""
    try:
        first, last = connection.execute(f"SELECT min(rowid), max(rowid) FROM {table}").fetchone()
        return int(first or 0), int(last or -1)
    except sqlite3.DatabaseError:
        return 0, (1 << 24) - 1


def _rows_between(connection: sqlite3.Connection, table: str, first: int, last: int) -> Iterator[dict[str, Any]]:
    """Read in halves: damage costs only the pages that it lies on."""
    ranges, patience = [(first, last)], _MOST_LOOKS
    while ranges and patience:
        first, last = ranges.pop()
        if first > last:
            continue
        try:
            question = f"SELECT rowid AS rowid_, * FROM {table} WHERE rowid BETWEEN ? AND ?"
            yield from [dict(row) for row in connection.execute(question, (first, last)).fetchall()]
        except sqlite3.DatabaseError:
            patience -= 1
            middle = (first + last) // 2
            ranges += [(middle + 1, last), (first, middle)] if first < last else []
