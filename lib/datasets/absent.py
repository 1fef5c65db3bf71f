"""Data sets that somebody else made and whose pictures are not here: what is known of them, as a recording told it.

In the memory of this process alone, and only of so many: whoever told of one tells again when it is asked for.
"""

import threading
from collections import OrderedDict
from typing import Final

from lib.datasets.own import OwnSet, find_own

_MOST: Final = 200
_told: OrderedDict[str, OwnSet] = OrderedDict()
_lock = threading.Lock()


def tell(own: OwnSet) -> None:
    """Note what a set is like that may not be here; what is known from its own file goes first."""
    with _lock:
        _told[own.name] = own
        _told.move_to_end(own.name)
        while len(_told) > _MOST:
            _told.popitem(last=False)


def find_absent(name: str) -> OwnSet | None:
    """What was told of a set that is not here."""
    with _lock:
        return _told.get(name)


def absent_sets() -> tuple[OwnSet, ...]:
    """All that was told of sets that are not here."""
    with _lock:
        told = tuple(_told.values())
    return tuple(each for each in told if find_own(each.name) is None)
