"""Whether a net can know a picture at all: how like it is to the training pictures of the class that it answers.

Softmax has to choose one of the classes, however strange the picture is, and is often sure. What the feature maps hold
tells more: nearest neighbours there part pictures of other things from a net's own. (Sun et al. 2022.)
"""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn
from torch.nn import functional

from lib.datasets import Split, spread
from lib.explain.nearest import last_hidden
from lib.models.modes import evaluating

_TURNED_AWAY = 0.01  # of the validation pictures: the price of the question; other hands and cameras pay more
_FEWEST = 50  # validation pictures; with fewer nobody can say what is seldom
_MOST_VALID = 1_000
_MOST_TRAIN = 2_000  # and as many varied ones
_MOST_BYTES = 16_000_000  # of features; a net with wide ones is asked about fewer pictures
_CHUNK = 250


@dataclass(frozen=True)
class Familiar:
    """What training pictures look like to a net, and how like them a picture must be."""

    net: nn.Sequential = field(repr=False)  # a copy of that moment
    depth: int  # its layers up to the features
    features: Tensor = field(repr=False)  # (n, units), each of length 1
    labels: Tensor = field(repr=False)  # (n,)
    threshold: float = -1.0

    def likeness(self, x: Tensor) -> Tensor:
        """The cosine `(N,)` between pictures `x` `(N, C, H, W)` and the nearest training picture of the class answered.

        -1 where the net knows no training picture of that class.
        """
        found = []
        with torch.no_grad(), evaluating(self.net):
            for part in torch.split(x, _CHUNK):
                answers: Tensor = self.net(part).argmax(dim=1)
                alike = _features(self.net[: self.depth], part) @ self.features.T
                others = answers[:, None] != self.labels[None]
                found.append(alike.masked_fill(others, -1.0).amax(dim=1))
        return torch.cat(found)

    def knows(self, x: Tensor) -> Tensor:
        """Whether `(N,)` each of the pictures `x` is as like as 99 % of the validation pictures are."""
        return ~(self.likeness(x) < self.threshold)


def acquaint(model: nn.Sequential, train: Split, valid: Split, vary: Callable[[Tensor], Tensor]) -> Familiar | None:
    """Learn from `train` what is familiar to `model`, and from `valid` how familiar its own pictures are.

    Both are taken evenly spread, as many as are soon looked at; those of `train` once as they are and once as `vary`
    leaves them, a little aside, tilted, stretched, as another hand or camera would. None where they are too few to say.
    """
    if len(valid) < _FEWEST or not len(train):
        return None
    net = deepcopy(model).cpu().eval()
    depth = _depth(net)
    one = _features(net[:depth], _spread(train, 1)[0])
    x, labels = _spread(train, min(_MOST_TRAIN, max(1, _MOST_BYTES // (8 * one.shape[1]))))
    x = torch.cat([x, vary(x)])
    labels = labels.repeat(2)
    features = torch.cat([_features(net[:depth], part) for part in torch.split(x, _CHUNK)])
    known = Familiar(net, depth, features, labels)
    theirs = known.likeness(_spread(valid, _MOST_VALID)[0])
    return Familiar(net, depth, features, labels, float(theirs.quantile(_TURNED_AWAY, interpolation="lower")))


def _depth(net: nn.Sequential) -> int:
    """Layers before the first dense one where convolutions lead there, else all before the class layer."""
    dense = [place for place, layer in enumerate(net) if isinstance(layer, nn.Linear)]
    convolutional = any(isinstance(layer, nn.Conv2d) for layer in net)
    return dense[0] if convolutional and dense else len(net) - 1


def _features(net: nn.Module, x: Tensor) -> Tensor:
    return functional.normalize(last_hidden(net, x.cpu()))


def _spread(split: Split, count: int) -> tuple[Tensor, Tensor]:
    return split.batch(spread(len(split), count))
