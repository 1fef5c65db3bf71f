"""Long work in the background: one at a time, with the time left and a way out, and done once for everybody."""

import atexit
import threading
from collections import OrderedDict
from collections.abc import Callable, Generator, Hashable
from time import monotonic
from typing import Generic, Literal, TypeVar

from lib.training.machine import become_training_thread, use_cores
from lib.ui.words.telling import problem_said

T = TypeVar("T")
Parts = Generator[float, None, T]  # yields the share that is done, returns what was found


class Work(Generic[T]):
    """Something that is under way, or done."""

    def __init__(self, parts: Parts[T], least_share: float) -> None:
        self.state: Literal["running", "done", "cancelled", "failed"] = "running"
        self.share = 0.0
        self.found: T | None = None
        self.why = ""  # it failed, where that is a sentence for people
        self._parts, self._least_share = parts, least_share
        self._cancelled = threading.Event()
        self._started: float | None = None

    def cancel(self) -> None:
        """End it at the next part; what it found so far is dropped."""
        self._cancelled.set()

    @property
    def seconds_left(self) -> float | None:
        """Seconds to the end at the present pace; None while that is unknown."""
        if self._started is None or self.share < self._least_share:
            return None
        return (monotonic() - self._started) * (1 - self.share) / self.share

    def run(self, told: tuple[type[Exception], ...], when_broken: Callable[[], None]) -> None:
        """Do it. `told` say in words why it failed; `when_broken` tells the log of whatever else fails."""
        self._started = monotonic()
        try:
            while not self._cancelled.is_set():
                self.share = next(self._parts)
            self.state = "cancelled"
        except StopIteration as stop:
            self.found, self.state = stop.value, "done"
        except told as problem:
            self.why, self.state = problem_said(problem), "failed"
        except Exception:
            when_broken()
            self.state = "failed"
        finally:
            self._parts.close()


class Background(Generic[T]):
    """Works of one kind by their keys, the last ones asked for; each begins on a thread and waits for its turn there.

    name: of the threads; most: that are kept; least_share: done before the time left is known; told, when_broken: see
    `Work.run`
    """

    def __init__(
        self,
        name: str,
        most: int,
        *,
        least_share: float,
        when_broken: Callable[[], None],
        told: tuple[type[Exception], ...] = (),
    ) -> None:
        self._name, self._most, self._least_share = name, most, least_share
        self._told, self._when_broken = told, when_broken
        self._one_at_a_time = threading.Lock()
        self._known: OrderedDict[Hashable, Work[T]] = OrderedDict()
        self._lock = threading.Lock()
        atexit.register(self._end)

    def get(self, key: Hashable) -> Work[T] | None:
        """The work of this name, if it was begun."""
        with self._lock:
            if key in self._known:
                self._known.move_to_end(key)
            return self._known.get(key)

    def begin(self, key: Hashable, parts: Callable[[], Parts[T]], cores: int | None = None) -> Work[T]:
        """Begin the work of this name, unless it is under way or done; on so many cores (None: as the thread has)."""
        with self._lock:
            begun = self._known.get(key)
            if begun is not None and begun.state in ("running", "done"):
                return begun
            begun = self._known[key] = Work(parts(), self._least_share)
            while len(self._known) > self._most:
                self._known.popitem(last=False)[1].cancel()
        threading.Thread(target=self._run, args=(begun, cores), name=self._name, daemon=True).start()
        return begun

    def _run(self, begun: Work[T], cores: int | None) -> None:
        with self._one_at_a_time:
            become_training_thread()
            if cores is not None:
                use_cores(cores)
            begun.run(self._told, self._when_broken)

    def _end(self) -> None:
        """Let no thread compute while the process goes."""
        with self._lock:
            for begun in self._known.values():
                begun.cancel()
        self._one_at_a_time.acquire(timeout=5)
