"""What has to get to disk: at once, or, while the disk refuses, from memory as soon as it takes things again."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from lib.home.failure import HomeFailure

Act = Callable[[], None]

_AGAIN_SECONDS = 1.0  # between tries

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Unkept:
    """Nothing is being kept."""

    since: float  # Unix time
    failure: HomeFailure  # the newest one


class Keeper:
    """Does what it is asked to at once. What the disk refuses waits, in order, and never raises.

    What comes while something waits, waits behind it: `unkept` is something as long as anything does.

    ready: makes sure that there is a place to write to, before what waits is tried again; HomeFailure if there is none
    """

    def __init__(self, ready: Act) -> None:
        self._ready = ready
        self._alarm = threading.Condition()
        self._trying = threading.Lock()
        self._waiting: dict[object, Act] = {}
        self._thread: threading.Thread | None = None
        self._closed = False
        self.unkept: Unkept | None = None

    def keep(self, act: Act, name: object = None) -> None:
        """Do `act`, which writes something; later if the disk refuses. One that waits under the same name goes."""
        key = object() if name is None else name
        with self._alarm:  # to look and to put it in line is one step
            if self.unkept is not None:
                self._put(key, act)
                return
        try:
            act()
        except HomeFailure as failure:
            with self._alarm:
                self.note(failure)
                self._put(key, act)

    def note(self, failure: HomeFailure) -> None:
        """The disk refuses: whatever is to be kept from now on waits until it does not."""
        with self._alarm:
            if self.unkept is None and not self._closed:
                logger.warning("nothing is being kept: %s", failure)
            self.unkept = Unkept(self.unkept.since if self.unkept else time.time(), failure)
            self._watch()

    def try_again(self) -> bool:
        """Write all that waits; True if nothing does any more."""
        with self._trying:
            try:
                self._ready()
                while waiting := self._first():
                    self._do(*waiting)
            except HomeFailure as failure:
                self.note(failure)
                return False
            with self._alarm:
                if self._waiting:  # it has come since
                    return False
                if self.unkept is not None:
                    logger.warning("everything is being kept again")
                self.unkept = None
            return True

    def close(self) -> bool:
        """Write what waits, if that is possible now; False if something had to be given up."""
        with self._alarm:
            already, self._closed = self._closed, True
            self._alarm.notify_all()
        return already or self.unkept is None or self.try_again()

    def _put(self, key: object, act: Act) -> None:
        self._waiting.pop(key, None)
        self._waiting[key] = act
        self._watch()

    def _first(self) -> tuple[object, Act] | None:
        with self._alarm:
            return next(iter(self._waiting.items()), None)

    def _do(self, name: object, act: Act) -> None:
        try:
            act()
        except HomeFailure:
            raise
        except Exception:
            logger.exception("something could not be kept")
        with self._alarm:
            if self._waiting.get(name) is act:
                del self._waiting[name]

    def _watch(self) -> None:
        """Have a thread try again; it ends when nothing waits."""
        if self._thread is None and not self._closed:
            self._thread = threading.Thread(target=self._work, name="keeping", daemon=True)
            self._thread.start()

    def _work(self) -> None:
        while True:
            with self._alarm:
                self._alarm.wait(_AGAIN_SECONDS)
                if self._closed:
                    return
            if self.try_again():
                with self._alarm:
                    if self.unkept is None and not self._waiting:
                        self._thread = None
                        return
