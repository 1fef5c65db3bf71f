"""How many connections are open at once: of one browser, from one address, and in all."""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager


class Crowd:
    """Counts who is in, under any number of names."""

    def __init__(self) -> None:
        self._open: Counter[str] = Counter()

    def __len__(self) -> int:
        """How many names somebody is in under."""
        return len(self._open)

    @contextmanager
    def place(self, counted: Mapping[str, int]) -> Iterator[bool]:
        """Take a place under all of these names while the block runs, if none has its most; gives whether it has."""
        if any(self._open[name] >= most for name, most in counted.items()):
            yield False
            return
        self._open.update(counted.keys())
        try:
            yield True
        finally:
            self._open.subtract(counted.keys())
            for name in counted:
                if not self._open[name]:
                    del self._open[name]
