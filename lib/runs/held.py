"""Whether a run goes on: as its owner wishes, and below a pause that stands above her wishes.

Who may ask for that pause is decided by whoever calls (lib.classroom).
"""

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
    _learning_rate: float | None
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
    def goes_on(self) -> bool:
        """True while another piece of training is wanted."""
        return not self._held and (self._wish == "run" or (self._wish == "pause" and self._steps_wanted > 0))

    @property
    def steps_wanted(self) -> int:
        """How many single steps are wanted before a pause; 0: as many as come."""
        return self._steps_wanted if self._wish == "pause" else 0

    def new_learning_rate(self) -> float | None:
        """Another learning rate from the next step on, told once."""
        with self._changed:
            wanted, self._learning_rate = self._learning_rate, None
        return wanted

    def count_steps(self, steps: int) -> None:
        """So many updates were done."""
        with self._changed:
            self._steps_wanted, self._rate_asked = max(self._steps_wanted - steps, 0), None

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
