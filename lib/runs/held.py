"""A pause that stands above its owner's wishes; who may ask for it is decided by whoever calls (lib.classroom)."""

import threading
from collections.abc import Callable
from time import monotonic

from lib.datasets.owned import NotYours


class Held:
    """The part of a run that somebody else may hold back."""

    _changed: threading.Condition
    _on_wish: Callable[[], None]
    _watched: float
    _held: str | None = None  # why

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

    def _check_held(self) -> None:
        """Raise NotYours, with the reason, while it is held."""
        if self._held is not None:
            raise NotYours(self._held)
