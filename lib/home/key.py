"""The secret of a home: what a server signs with, so that it knows again what it gave out."""

import json
import os
import secrets
import time
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from lib.home import home
from lib.home.place import make_folder

_LENGTH = 32  # bytes


class Key(NamedTuple):
    """A home's secret, and since when it has had one (seconds since 1970)."""

    secret: bytes
    made: float


def home_key() -> Key:
    """The key of this home, made on first use and readable by its owner alone.

    Where nothing can be written it lasts as long as the process; a damaged file is set aside.
    """
    return _key_of(home().absolute() / "key.json")


@lru_cache(maxsize=8)  # one key as long as a process lives, even if its file is taken away
def _key_of(path: Path) -> Key:
    new = Key(secrets.token_bytes(_LENGTH), time.time())
    try:
        make_folder(path.parent)
        if path.is_file() and _read(path) is None:
            path.replace(path.with_suffix(".damaged"))
        _write_first(path, new)
        path.chmod(0o600)
        return _read(path) or new
    except OSError:  # a key that cannot be read now may be whole: it stays where it is
        return new


def _read(path: Path) -> Key | None:
    try:
        kept = json.loads(path.read_bytes()[:1000])
        key = Key(bytes.fromhex(kept["secret"]), float(kept["made"]))
    except (FileNotFoundError, ValueError, TypeError, LookupError, RecursionError):
        return None
    return key if len(key.secret) == _LENGTH else None


def _write_first(path: Path, key: Key) -> None:
    """Whole or not at all, and never over a key that is there: another process may have been quicker."""
    part = path.with_suffix(f".{os.getpid()}.{secrets.token_hex(4)}.part")
    content = json.dumps({"secret": key.secret.hex(), "made": key.made}).encode()
    with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:  # noqa: PTH123 (a mode)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(part, path)
    except FileExistsError:
        pass
    except OSError:  # a disk without hard links, as memory sticks are
        with suppress(FileExistsError), path.open("xb") as file:
            file.write(content)
    finally:
        part.unlink()
