"""None of these: whether a picture is like anything that a net has learned, found out once for each net and step."""

from collections import OrderedDict
from threading import Lock

from torch import Tensor, nn

from lib.datasets import Dataset
from lib.explain.familiar import Familiar, acquaint
from lib.nets.net import Net
from lib.training.batches import generator_for, varied

NONE_OF_THESE = "none of these"  # the answer to a picture of something else
_MOST_KEPT = 8  # up to 16 MB each
_kept: OrderedDict[tuple[str, int], Familiar | None] = OrderedDict()
_lock = Lock()
_SEED = 7  # of the variation


def familiar_to(net: Net, step: int, model: nn.Sequential) -> Familiar | None:
    """What is familiar to a net with the weights after `step`; None where nobody can say.

    Nobody can while a run learns: each of its steps would have to be looked at anew.
    """
    if net.state == "running":
        return None
    key = (net.id, step)
    with _lock:  # who comes second waits for the first and need not learn it again
        if key not in _kept:
            _kept[key] = acquaint_with(model, net.dataset)
        _kept.move_to_end(key)
        while len(_kept) > _MOST_KEPT:
            _kept.popitem(last=False)
        return _kept[key]


def acquaint_with(model: nn.Sequential, data: Dataset) -> Familiar | None:
    """What is familiar to `model` of the pictures that it learned from, varied as augmentation varies them."""
    return acquaint(model, data.train, data.valid, lambda x: varied(x, generator_for(_SEED), mirror=data.train.mirrors))


def is_strange(net: Net, step: int, model: nn.Sequential, x: Tensor) -> bool:
    """Whether nothing that a net has learned looks like the picture `x` `(1, C, H, W)`, as far as anybody can say."""
    known = familiar_to(net, step, model)
    return known is not None and not bool(known.knows(x)[0])
