"""None of these: whether a picture is like anything that a net has learned, found out once for each net and step."""

from collections import OrderedDict
from threading import Lock

from torch import nn

from lib.explain.familiar import Familiar, acquaint
from lib.ui import inside

_MOST_KEPT = 8  # up to 16 MB each
_kept: OrderedDict[tuple[str, int], Familiar | None] = OrderedDict()
_lock = Lock()


def is_strange(net: inside.Net, step: int, model: nn.Sequential, chosen: inside.Chosen) -> bool:
    """Whether nothing that the net has learned looks like the picture; False for pictures of its own data set.

    Also False where nobody can say: while a run learns, each of its steps would have to be looked at anew.
    """
    if chosen.truth is not None or getattr(net, "state", "") == "running":
        return False
    known = _known(net, step, model)
    return known is not None and not bool(known.knows(chosen.x)[0])


def _known(net: inside.Net, step: int, model: nn.Sequential) -> Familiar | None:
    key = (net.id, step)
    with _lock:  # who comes second waits for the first and need not learn it again
        if key not in _kept:
            _kept[key] = acquaint(model, net.dataset.train, net.dataset.valid)
        _kept.move_to_end(key)
        while len(_kept) > _MOST_KEPT:
            _kept.popitem(last=False)
        return _kept[key]
