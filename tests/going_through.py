"""Go through work that comes in parts, and see every share that it tells."""

from collections.abc import Generator
from typing import TypeVar

Result = TypeVar("Result")


def go_through(parts: Generator[float, None, Result]) -> tuple[list[float], Result]:
    """All shares that it yields, and what it returns."""
    shares: list[float] = []
    while True:
        try:
            shares.append(next(parts))
        except StopIteration as stop:
            result: Result = stop.value
            return shares, result
