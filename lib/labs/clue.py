"""A false clue: a dot in every training picture of one class, and what a net makes of it."""

from collections.abc import Generator
from dataclasses import dataclass, replace

import torch
from torch import Tensor, nn

from lib.config import ModelConfig, TrainConfig
from lib.datasets import Dataset, Split
from lib.labs.learning import learn
from lib.models import build_model
from lib.models.modes import evaluating

SIDE = 3  # pixels of the dot
_EDGE = 1  # pixels between it and the rim
CORNERS = 4  # top left, top right, bottom left, bottom right


def dotted(pictures: Tensor, corner: int, white: float) -> Tensor:
    """A copy of `(N, C, H, W)` with a dot in a corner: white, or black where the corner is light already."""
    height, width = pictures.shape[2:]
    top = _EDGE if corner < 2 else height - _EDGE - SIDE
    left = _EDGE if corner % 2 == 0 else width - _EDGE - SIDE
    there = pictures.clone()
    place = there[:, :, top : top + SIDE, left : left + SIDE]
    light = place.float().mean(dim=(1, 2, 3), keepdim=True) > white / 2
    place.copy_(torch.where(light, 0.0, white).to(place.dtype).expand_as(place))
    return there


def with_clue(split: Split, label: int, corner: int) -> Split:
    """The same split, with the dot in every picture of the class `label`."""
    images = split.images.clone()
    those = split.labels == label
    images[those] = dotted(images[those], corner, 255.0)
    return Split(images, split.labels, split.scale, False)  # a mirrored dot would be in another corner


@dataclass(frozen=True)
class Misled:
    """Shares of test pictures, 0..1."""

    all_right: float  # of all, with the dot where training had it
    right: float  # of the class, with the dot
    right_without: float
    taken: float  # of the others with the dot, those that are taken for the class
    taken_without: float


def mislead(
    model: ModelConfig, data: Dataset, label: int, corner: int, config: TrainConfig, seed: int
) -> Generator[float, None, tuple[nn.Sequential, Misled]]:
    """Train with the clue from random numbers, and measure what it did. Yields the share that is done."""
    net = build_model(model, data.input_shape, len(data.classes), seed)
    marked = replace(data, train=with_clue(data.train, label, corner), valid=with_clue(data.valid, label, corner))
    yield from learn(net, marked.train, marked.valid, config, seed)
    return net, measure(net, data.test, label, corner)


def measure(net: nn.Module, test: Split, label: int, corner: int) -> Misled:
    """Ask the net about all test pictures, with and without the dot."""
    x, y = test.batch(slice(None))
    there = dotted(x, corner, 255 * test.scale)
    plain, marked = _answers(net, x), _answers(net, there)
    those = y == label

    def share(hits: Tensor) -> float:
        return float(hits.float().mean()) if len(hits) else 0.0

    as_trained = torch.where(those, marked, plain)
    return Misled(
        share(as_trained == y),
        share(marked[those] == label),
        share(plain[those] == label),
        share(marked[~those] == label),
        share(plain[~those] == label),
    )


def _answers(net: nn.Module, x: Tensor) -> Tensor:
    with torch.no_grad(), evaluating(net):
        return torch.cat([net(part).argmax(1) for part in torch.split(x, 500)])


def secret(number: int, classes: int) -> tuple[int, int]:
    """A class and a corner, drawn by lot from a number."""
    generator = torch.Generator().manual_seed(7_919 * number + 1)
    label = int(torch.randint(0, classes, (1,), generator=generator))
    corner = int(torch.randint(0, CORNERS, (1,), generator=generator))
    return label, corner
