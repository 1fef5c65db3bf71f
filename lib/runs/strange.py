"""None of these: whether a picture is like anything that a net has learned, found out once for each net and step."""

from collections import OrderedDict
from threading import Lock

from torch import Tensor, nn

from lib.explain.familiar import Familiar, acquaint
from lib.runs.ready import ReadyNet
from lib.runs.run import Run

NONE_OF_THESE = "none of these"  # the answer to a picture of something else
_MOST_KEPT = 8  # up to 16 MB each
_kept: OrderedDict[tuple[str, int], Familiar | None] = OrderedDict()
_lock = Lock()


def familiar_to(net: Run | ReadyNet, step: int, model: nn.Sequential) -> Familiar | None:
    """What is familiar to a net with the weights after `step`; None where nobody can say.

    Nobody can while a run learns: each of its steps would have to be looked at anew.
    """
    if getattr(net, "state", "") == "running":
        return None
    key = (net.id, step)
    with _lock:  # who comes second waits for the first and need not learn it again
        if key not in _kept:
            _kept[key] = acquaint(model, net.dataset.train, net.dataset.valid)
        _kept.move_to_end(key)
        while len(_kept) > _MOST_KEPT:
            _kept.popitem(last=False)
        return _kept[key]


def is_strange(net: Run | ReadyNet, step: int, model: nn.Sequential, x: Tensor) -> bool:
    """Whether nothing that a net has learned looks like the picture `x` `(1, C, H, W)`, as far as anybody can say."""
    known = familiar_to(net, step, model)
    return known is not None and not bool(known.knows(x)[0])
