"""How often somebody may try: by address and by everybody together, so that nobody gets far by guessing."""

import threading
from collections import deque
from time import monotonic

_MOST_ADDRESSES = 2_000  # remembered at once


class Tries:
    """Counts tries of the last `seconds`: `most` of one address, `most_in_all` of all of them."""

    def __init__(self, most: int, most_in_all: int, seconds: float) -> None:
        self._most, self._most_in_all, self._seconds = most, most_in_all, seconds
        self._lock = threading.Lock()
        self._times: dict[str, deque[float]] = {}
        self._all: deque[float] = deque()

    def may(self, address: str) -> bool:
        """True as long as another try is allowed."""
        with self._lock:
            self._forget()
            return len(self._times.get(address, ())) < self._most and len(self._all) < self._most_in_all

    def count(self, address: str) -> None:
        """Note a try."""
        with self._lock:
            self._forget()
            now = monotonic()
            self._all.append(now)
            self._times.setdefault(address, deque()).append(now)
            while len(self._times) > _MOST_ADDRESSES:
                self._times.pop(next(iter(self._times)))

    def _forget(self) -> None:
        before = monotonic() - self._seconds
        for times in (self._all, *self._times.values()):
            while times and times[0] < before:
                times.popleft()
        self._times = {address: times for address, times in self._times.items() if times}
