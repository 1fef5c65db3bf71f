"""What can go wrong on disk, as one kind of failure: files, safetensors and SQLite each have their own."""

import errno
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from safetensors import SafetensorError

Code = Literal["full", "read-only", "locked", "damaged", "gone", "no folder", "taken", "later", "refused"]

_BY_ERRNO: dict[int, Code] = {
    errno.ENOSPC: "full",
    errno.EDQUOT: "full",
    errno.EFBIG: "full",
    errno.EROFS: "read-only",
    errno.EACCES: "read-only",
    errno.EPERM: "read-only",
    errno.ENOENT: "gone",
    errno.ESTALE: "gone",
    errno.ENODEV: "gone",
    errno.ENXIO: "gone",
    errno.ENOTDIR: "no folder",
    errno.EEXIST: "no folder",
    errno.EISDIR: "no folder",
}
_BY_SQLITE: dict[int, Code] = {
    sqlite3.SQLITE_FULL: "full",
    sqlite3.SQLITE_READONLY: "read-only",
    sqlite3.SQLITE_BUSY: "locked",
    sqlite3.SQLITE_LOCKED: "locked",
    sqlite3.SQLITE_CORRUPT: "damaged",
    sqlite3.SQLITE_NOTADB: "damaged",
    sqlite3.SQLITE_ERROR: "damaged",  # a table or a column that should be there is not
}
_IN_SAFETENSORS = re.compile(r"\(os error (\d+)\)")


class HomeFailure(OSError):
    """The disk does not do what was asked: `code` says in which way, `path` where, `about` what else is known.

    An OSError, so that whoever is ready for a disk that refuses is ready for this.
    """

    def __init__(self, code: Code, path: Path, detail: str = "", **about: str) -> None:
        super().__init__(f"{code}: {path}" + (f" ({detail})" if detail else ""))
        self.code: Code = code
        self.path = path
        self.detail = detail
        self.about = about


@contextmanager
def failures_at(path: Path) -> Iterator[None]:
    """Turn whatever a disk, safetensors or SQLite raises within into a `HomeFailure` about `path`.

    Mistakes of ours, as a row that breaks a rule of the data base, stay what they are.
    """
    try:
        yield
    except HomeFailure:
        raise
    except OSError as error:
        raise HomeFailure(_BY_ERRNO.get(error.errno or 0, "refused"), path, error.strerror or str(error)) from error
    except SafetensorError as error:
        said = _IN_SAFETENSORS.search(str(error))
        code = _BY_ERRNO.get(int(said.group(1)), "refused") if said else "damaged"
        raise HomeFailure(code, path, str(error)) from error
    except sqlite3.DatabaseError as error:
        if type(error) not in (sqlite3.OperationalError, sqlite3.DatabaseError):
            raise
        number = getattr(error, "sqlite_errorcode", 0)
        code = "gone" if number == sqlite3.SQLITE_READONLY_DBMOVED else _BY_SQLITE.get(number & 0xFF, "refused")
        raise HomeFailure(code, path, str(error)) from error
