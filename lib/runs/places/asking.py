"""A turn that was asked for far away, until its news are there or it is lost."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from distributed import Future
from distributed.client import FutureCancelledError
from distributed.scheduler import KilledWorker

from lib.runs.places.worker import PicturesNeeded, Stranger
from lib.runs.turn import MovedOn, Turn

_FETCH_SECONDS = 60.0  # for a state to come here
_LOST = (MovedOn, KilledWorker, FutureCancelledError, TimeoutError)


class Lost(RuntimeError):
    """A turn, or the state after it, cannot be had any more; it has to be asked for again from the last checkpoint."""

    def __init__(self, why: str, *, lacks_pictures: bool = False) -> None:
        super().__init__(why)
        self.lacks_pictures = lacks_pictures


@dataclass
class Asking:
    """A turn that was asked for, until its news are there."""

    ticket: str
    is_connected: Callable[[], bool]
    future: Future | None = None
    news: dict[str, Any] | None = None
    arrived: threading.Event = field(default_factory=threading.Event)

    def wait(self, seconds: float) -> dict[str, Any]:
        """The news of it. Lost if it cannot be had from there; whatever broke the training itself."""
        assert self.future is not None
        ends = monotonic() + seconds
        while not self.arrived.wait(0.25):
            if self.future.status not in ("pending", "finished"):
                break
            if monotonic() > ends or not self.is_connected():
                raise Lost("nothing was heard of it")
        if self.news is None:
            self._raise()
        assert self.news is not None
        return self.news

    def end(self, future: Future) -> None:
        """It is done: if it broke, nobody need wait for news."""
        if future.status != "finished":
            self.arrived.set()

    def fetch(self) -> Turn:
        """All that came of it: a copy. Lost."""
        assert self.future is not None
        try:
            turn: Turn = self.future.result(timeout=_FETCH_SECONDS)
        except (*_LOST, OSError, ValueError) as why:
            raise Lost(str(why)) from why
        return turn

    def _raise(self) -> None:
        assert self.future is not None
        try:
            self.future.result(timeout=5.0)
        except Stranger as why:
            raise Lost(str(why)) from why
        except PicturesNeeded as why:
            raise Lost(str(why), lacks_pictures=True) from why
        except _LOST as why:
            raise Lost(str(why)) from why
        raise Lost("its news were lost")
