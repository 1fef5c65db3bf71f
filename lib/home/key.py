"""The secret of a home: what a server signs with, so that it knows again what it gave out."""

import json
import secrets
import time
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from lib.home import home
from lib.home.files import set_aside, write_secret

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
        if path.is_file() and _read(path) is None:
            set_aside(path)
        write_secret(path, json.dumps({"secret": new.secret.hex(), "made": new.made}).encode())
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
