"""A door for simulated students alone: with a code of its own, for so many, and as long as they rehearse."""

import threading

from lib.classroom import rights
from lib.classroom.two_words import new_code, plain_code

_CODES = 4  # one after the other: nobody types it, and nobody guesses it


class SideDoor:
    """Shut, but for a rehearsal. Whoever comes in by it counts neither as a try nor as one of the class."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._code, self._left = "", 0

    def open(self, most: int) -> str:
        """Let so many in; gives the code that they need."""
        with self._lock:
            self._code, self._left = "".join(new_code() for _ in range(_CODES)), most
            return self._code

    def shut(self) -> None:
        """Nobody comes in by it any more."""
        with self._lock:
            self._left = 0

    def lets_in(self, code: str) -> bool:
        """True for one more who has the code."""
        with self._lock:
            if not self._left or not rights.same(plain_code(code), self._code):
                return False
            self._left -= 1
            return True
