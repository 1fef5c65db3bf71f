"""Files of a class: read whole or set aside, written whole, and where the disk refuses the log says so."""

import json
import logging
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from lib.home import HomeFailure, write_whole
from lib.home.files import set_aside

T = TypeVar("T")

logger = logging.getLogger(__name__)


def read_kept(path: Path, content: TypeAdapter[T], most_bytes: int, what: str) -> T | None:
    """What the file holds; None where there is none, or where it cannot be read: that one is set aside, and said."""
    try:
        if path.stat().st_size > most_bytes:
            raise ValueError("too long")
        return content.validate_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValueError, ValidationError, RecursionError):
        logger.warning("%s in %s cannot be read; it begins anew, and the file is kept beside it.", what, path)
    try:
        set_aside(path)
    except OSError:
        logger.warning("%s cannot be set aside", path)
    return None


def write_kept(path: Path, content: TypeAdapter[T], value: T, what: str, *, indent: int | None = None) -> None:
    """Keep `value`; where the disk refuses it lasts as long as the process."""
    text = json.dumps(content.dump_python(value, mode="json"), ensure_ascii=False, indent=indent)
    try:
        write_whole(path, text)
    except HomeFailure as failure:
        logger.warning("%s cannot be kept: %s", what, failure)
