"""Measure maps in the background: every session that looks at a net sees the same measurement, once done at once."""

import atexit
import logging
import threading
from collections import OrderedDict
from collections.abc import Generator
from time import monotonic
from typing import Literal

from torch import nn

from lib.datasets import Split
from lib.explain.robustness import Robustness, robustness
from lib.training.machine import become_training_thread, cores_for, use_cores

logger = logging.getLogger(__name__)

Key = tuple[str, int, str, int]  # net, step, data set, pictures
_MOST = 100  # measurements kept
_PASSES = 600  # a hundred pictures at once, and forward passes alone gain from a second core earlier than training does


class Measurement:
    """One net under measurement, or measured."""

    def __init__(self, parts: Generator[float, None, Robustness], multiply_adds: int) -> None:
        self.state: Literal["running", "done", "cancelled", "failed"] = "running"
        self.share = 0.0
        self.found: Robustness | None = None
        self._parts, self._multiply_adds = parts, multiply_adds
        self._cancelled = threading.Event()
        self._started: float | None = None

    def cancel(self) -> None:
        """End it at the next part; what it found so far is dropped."""
        self._cancelled.set()

    @property
    def seconds_left(self) -> float | None:
        """Seconds to the end at the present pace; None while that is unknown."""
        if self._started is None or self.share < 0.02:
            return None
        return (monotonic() - self._started) * (1 - self.share) / self.share

    def run(self) -> None:
        """Measure; on a thread of its own, one at a time."""
        with _one_at_a_time:
            become_training_thread()
            use_cores(cores_for(_PASSES * self._multiply_adds))
            self._started = monotonic()
            try:
                while not self._cancelled.is_set():
                    self.share = next(self._parts)
                self.state = "cancelled"
            except StopIteration as stop:
                self.found, self.state = stop.value, "done"
            except Exception:
                logger.exception("a map could not be measured")
                self.state = "failed"
            finally:
                self._parts.close()


_one_at_a_time = threading.Lock()
_known: OrderedDict[Key, Measurement] = OrderedDict()
_lock = threading.Lock()


def measurement(key: Key) -> Measurement | None:
    """The measurement of this name, if one was begun."""
    with _lock:
        if key in _known:
            _known.move_to_end(key)
        return _known.get(key)


def measure(key: Key, model: nn.Module, split: Split, multiply_adds: int) -> Measurement:
    """Begin to measure `model`, of so many multiply-adds a picture, on `split`, unless that is under way or done."""
    with _lock:
        begun = _known.get(key)
        if begun is not None and begun.state in ("running", "done"):
            return begun
        begun = _known[key] = Measurement(robustness(model, split, key[3]), multiply_adds)
        while len(_known) > _MOST:
            _known.popitem(last=False)[1].cancel()
    threading.Thread(target=begun.run, name="shift-lab", daemon=True).start()
    return begun


@atexit.register
def _end() -> None:
    """Let no thread compute while the process goes."""
    with _lock:
        for begun in _known.values():
            begun.cancel()
    _one_at_a_time.acquire(timeout=5)
