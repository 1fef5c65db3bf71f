"""The memory that all runs share: whose turn fits, which weights stay at hand, and what goes back to the system."""

import threading
from collections import OrderedDict
from collections.abc import Callable

from torch import Tensor, nn

from lib.runs.limits import Limits

Weights = tuple[int, dict[str, Tensor]]  # (step, weights)

_AT_HAND_BYTES = 160_000_000  # weights of runs that nobody trains, for whoever looks into them
_SMALL_BYTES = 4_000_000  # a net that stays ready while it is paused, so that single steps answer at once
_COPIES = 4  # of each weight while it trains: itself, its gradient and two moments


class Room:
    """Which runs hold what training needs, in megabytes, within one total. Asked from any thread."""

    def __init__(self, total_mb: Callable[[], float]) -> None:
        self._total_mb = total_mb
        self._held: dict[str, float] = {}
        self._lock = threading.Lock()

    def take(self, run_id: str, megabytes: float) -> bool:
        """Give `run_id` its room, unless that is more than is left; one run alone always has room."""
        with self._lock:
            others = sum(held for other, held in self._held.items() if other != run_id)
            fits = others == 0 or others + megabytes <= self._total_mb()
            if fits:
                self._held[run_id] = megabytes
            return fits

    def leave(self, run_id: str) -> None:
        """Let others have it."""
        with self._lock:
            self._held.pop(run_id, None)


class AtHand:
    """The weights that were looked at last, of runs that do not train, as far as they fit."""

    def __init__(self, most_bytes: int = _AT_HAND_BYTES) -> None:
        self._most = most_bytes
        self._kept: OrderedDict[str, Weights] = OrderedDict()
        self._reading: dict[str, object] = {}  # who reads just now, and may keep what was read
        self._lock = threading.Lock()

    def get(self, run_id: str, read: Callable[[], Weights | None]) -> Weights | None:
        """The weights of a run, read if need be; None if they cannot be read."""
        with self._lock:
            if run_id in self._kept:
                self._kept.move_to_end(run_id)
                return self._kept[run_id]
            me = self._reading[run_id] = object()
        found = None
        try:
            found = read()  # without the lock: others need not wait for the disk
        finally:
            with self._lock:
                if self._reading.get(run_id) is me:  # nobody has said since that they changed
                    del self._reading[run_id]
                    self._keep(run_id, found)
        return found

    def _keep(self, run_id: str, found: Weights | None) -> None:
        if found is not None and _bytes(found) <= self._most:
            self._kept[run_id] = found
            while sum(map(_bytes, self._kept.values())) > self._most:
                self._kept.popitem(last=False)

    def forget(self, run_id: str) -> None:
        """Its weights have changed, or are gone."""
        with self._lock:
            self._kept.pop(run_id, None)
            self._reading.pop(run_id, None)


def stays_ready(net: nn.Module) -> bool:
    """Whether a paused net is so small that it may stay in memory with all that training it needs."""
    return _COPIES * _bytes((0, net.state_dict())) <= _SMALL_BYTES


def _bytes(weights: Weights) -> int:
    return sum(value.nbytes for value in weights[1].values())


room = Room(lambda: Limits.from_environment().all_memory_mb)
at_hand = AtHand()
