"""Work that comes in parts, done in one go where it is short."""

from collections.abc import Generator
from typing import Any, TypeVar

Result = TypeVar("Result")


def at_once(parts: Generator[Any, None, Result]) -> Result:
    """Do all parts and give what comes out in the end."""
    while True:
        try:
            next(parts)
        except StopIteration as stop:
            result: Result = stop.value
            return result
