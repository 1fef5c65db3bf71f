"""A pause that stands above its owner's wishes; who may ask for it is decided by whoever calls (lib.classroom)."""

import threading
from collections.abc import Callable
from time import monotonic
from typing import Literal

from lib.datasets.owned import NotYours
from lib.runs.published import Published
from lib.runs.rows import ENDED, RunState


class Held:
    """The part of a run that somebody else may hold back."""

    _changed: threading.Condition
    _on_wish: Callable[[], None]
    _watched: float
    _held: str | None = None  # why
    state: RunState
    _published: Published
    _wish: Literal["run", "pause", "stop"]
    _steps_wanted: int
    _rate_asked: float | None = None  # until the next step has it

    def hold(self, why: str) -> None:
        """Pause until `release`, whatever its owner wishes; she may still stop it. why: a sentence for her."""
        with self._changed:
            self._held = why
        self._on_wish()

    def release(self) -> None:
        """Let it do again what its owner wishes."""
        with self._changed:
            self._held = None
            self._watched = monotonic()
        self._on_wish()

    @property
    def is_held(self) -> bool:
        """True between `hold` and `release`."""
        return self._held is not None

    @property
    def has_begun(self) -> bool:
        """Whether it has done a step in this process or before."""
        return bool(self._published.counters["step"])

    @property
    def is_waited_for(self) -> bool:
        """True if somebody has pressed something that has not been obeyed yet."""
        with self._changed:
            paused, changes = self.state == "paused", self.state == "running" and self._rate_asked is not None
            obeyed = {"run": not paused and not changes, "pause": paused and not self._steps_wanted, "stop": False}
            if self._held:
                obeyed |= {"run": paused, "pause": paused}
            return self.state not in ENDED and not obeyed[self._wish]

    def _check_held(self) -> None:
        """Raise NotYours, with the reason, while it is held."""
        if self._held is not None:
            raise NotYours(self._held)
