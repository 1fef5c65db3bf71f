"""Signs of life: who of a class is there, on which page, since when she has done nothing, and whose hand is up."""

import threading
from dataclasses import dataclass
from time import monotonic

from lib.classroom.record import Student

_AWAY_SECONDS = 20.0  # without a sign of life


@dataclass(slots=True)
class Presence:
    """The last sign of life of a browser; times are monotonic."""

    heard: float  # its page is open
    active: float  # somebody does something
    page: str = ""
    hand: float | None = None  # up since
    refused: int = 0  # starts in a row


class Attended:
    """The part of a room that hears of its people."""

    stopped: str | None
    _present: dict[str, Presence]
    _lock: threading.RLock

    def somebody_in(self, owner: str) -> Student:
        """The student at this browser; Refused unless she is in the room."""
        raise NotImplementedError

    def seen(self, owner: str, page: str | None = None, *, active: bool = True) -> None:
        """Somebody's page is open; active: she did something there."""
        now = monotonic()
        with self._lock:
            there = self._present.setdefault(owner, Presence(now, now))
            there.heard = now
            if active:
                there.active = now
            if page is not None:
                there.page = page

    def started(self, owner: str, well: bool) -> None:
        """Somebody pressed Train: her run began, or it was refused."""
        if owner in self._present and self.stopped is None:
            there = self._present[owner]
            there.refused = 0 if well else there.refused + 1

    def presence(self, owner: str) -> Presence | None:
        """The last sign of life since the class was opened."""
        return self._present.get(owner)

    def is_here(self, owner: str) -> bool:
        """True while one of her pages is open."""
        there = self._present.get(owner)
        return there is not None and monotonic() - there.heard < _AWAY_SECONDS

    def raise_hand(self, owner: str, up: bool) -> None:
        """A student wants her teacher, or does not any more."""
        with self._lock:
            self.somebody_in(owner)
            self.seen(owner)
            there = self._present[owner]
            there.hand = (there.hand or monotonic()) if up else None
