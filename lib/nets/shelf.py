"""A store of one run that lies in a file: it is read, and nothing is written."""

from collections.abc import Mapping, Sequence
from typing import Any

from lib.runs.store import Store


class Shelf(Store):
    """What was published, by kind ("point", "epoch", "mark", "check"), in memory; no kind is also a kind."""

    def __init__(self, published: Mapping[str, Sequence[Any]]) -> None:
        self._published = published

    def entries(self, _run_id: str, kind: str) -> tuple[list[Any], int]:
        """Everything of one kind; all of it can be read."""
        return list(self._published.get(kind, ())), 0

    def load_checkpoint(self, _run_id: str) -> None:
        """Nothing that training could go on from."""
