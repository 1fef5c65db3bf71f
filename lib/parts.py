"""Work that comes in parts: a generator that yields the share of it that is done, and returns what it found."""

from collections.abc import Generator
from typing import Any, TypeVar

Result = TypeVar("Result")


def at_once(parts: Generator[Any, Any, Result]) -> Result:
    """Do all of it in one go, where it is short; give what it found."""
    while True:
        try:
            next(parts)
        except StopIteration as stop:
            result: Result = stop.value
            return result


def scaled(parts: Generator[float, None, Result], start: float, end: float) -> Generator[float, None, Result]:
    """The same work as a part of longer work, of which it is what lies between the shares `start` and `end`."""
    while True:
        try:
            share = next(parts)
        except StopIteration as stop:
            result: Result = stop.value
            return result
        yield start + (end - start) * share
