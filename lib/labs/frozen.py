"""Frozen eyes: what a net that learned ImageNet sees in a few photos, against the same photos learned from nothing."""

from collections import OrderedDict
from collections.abc import Generator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from hashlib import blake2b

import torch
from torch import Tensor, nn
from torch.nn import functional

from lib.config import ModelConfig, TrainConfig
from lib.datasets import Dataset, Split
from lib.labs.learning import accuracy, cross_entropy, learn_by
from lib.models import build_model
from lib.models.efficientnet import EfficientNetLite0
from lib.parts import scaled
from lib.training.machine import on_training_thread

PHOTOS = (1, 2, 5, 10, 20)  # of each class
SIDE = 128  # pixels to which a picture is made larger: a third of the work of the 224 that the net learned with
PENALTY = 0.1  # of the squared weights of a head
_GREY = 127, 128  # the mean and the spread that the net was trained with, of 255
_AT_ONCE, _STEPS = 20, 100  # pictures in a pass; of L-BFGS
_MOST_SEEN = 3_000  # pictures, 12 kB each
_SCRATCH = TrainConfig(learning_rate=0.003, batch_size=10, epochs=60, precision="fp32")
_THAW = TrainConfig(learning_rate=0.0003, batch_size=10, epochs=20, precision="fp32")


def as_photos(pixels: Tensor) -> Tensor:
    """Pictures uint8 `(N, C, H, W)` as the net wants photos, `(N, 3, SIDE, SIDE)`; grey ones in three equal planes."""
    x = (pixels.float() - _GREY[0]) / _GREY[1]
    colour = x.expand(-1, 3, -1, -1)
    return functional.interpolate(colour, size=(SIDE, SIDE), mode="bicubic", align_corners=False)


class Eyes:
    """The frozen net up to its last block, which remembers each picture that it has seen."""

    def __init__(self, net: EfficientNetLite0) -> None:
        self.net = net
        self._seen: OrderedDict[bytes, Tensor] = OrderedDict()

    def look(self, pixels: Tensor) -> Generator[float, None, Tensor]:
        """Maps `(N, 192, h, w)` of pictures uint8 `(N, C, H, W)`, as the last block gets them; yields the share."""
        names = [blake2b(picture.numpy().tobytes() + bytes(str(picture.shape), "ascii")).digest() for picture in pixels]
        found = {name: self._seen[name] for name in names if name in self._seen}
        new = [place for place, name in enumerate(names) if name not in found]
        for start in range(0, len(new), _AT_ONCE):
            places = new[start : start + _AT_ONCE]
            with torch.no_grad():
                maps = self.net.before_last_block(as_photos(pixels[places]))
            for place, each in zip(places, maps, strict=True):
                found[names[place]] = self._seen[names[place]] = each.clone()
            yield min((start + _AT_ONCE) / len(new), 1.0)
        while len(self._seen) > _MOST_SEEN:
            self._seen.popitem(last=False)
        return torch.stack([found[name] for name in names])

    def features(self, maps: Tensor) -> Tensor:
        """What the frozen net sees in the end, `(N, 1280)`."""
        with torch.no_grad():
            seen: Tensor = self.net.from_last_block(maps)
        return seen


def draw_photos(split: Split, classes: int, photos: int, seed: int) -> Tensor:
    """The places of so many pictures of each class, drawn by lot; of a class with fewer, all that it has."""
    generator = torch.Generator().manual_seed(seed)
    drawn = []
    for label in range(classes):
        places = (split.labels == label).nonzero().flatten()
        drawn.append(places[torch.randperm(len(places), generator=generator)[:photos]])
    return torch.cat(drawn)


def nearest(features: Tensor, one: Tensor) -> list[int]:
    """The rows of `features` `(N, F)`, the one at the smallest angle to `one` `(1, F)` first."""
    return [int(place) for place in functional.cosine_similarity(features, one).argsort(descending=True)]


def fit_head(features: Tensor, labels: Tensor, classes: int) -> nn.Linear:
    """Fit one linear layer to features `(N, F)`: cross-entropy, and a penalty on large weights, to its minimum.

    Logistic regression: the sum over pictures plus `PENALTY` / 2 · Σ w²; no start by lot, so no seed.
    """
    head = nn.Linear(features.shape[1], classes)
    nn.init.zeros_(head.weight)
    nn.init.zeros_(head.bias)
    optimizer = torch.optim.LBFGS(head.parameters(), max_iter=_STEPS, line_search_fn="strong_wolfe")

    def loss() -> Tensor:
        optimizer.zero_grad()
        summed = functional.cross_entropy(head(features), labels, reduction="sum")
        value: Tensor = summed + PENALTY / 2 * head.weight.square().sum()
        value.backward()  # type: ignore[no-untyped-call]
        return value

    with torch.enable_grad():
        optimizer.step(loss)  # type: ignore[no-untyped-call]
    return head.requires_grad_(False)


class _Thawed(nn.Module):
    """The last block, the last convolution and the head, which learn; batch normalisation keeps ImageNet's numbers."""

    def __init__(self, net: EfficientNetLite0, head: nn.Linear) -> None:
        super().__init__()
        last = [net._blocks[-1], net._conv_head, net._bn1, nn.ReLU6(), nn.AdaptiveAvgPool2d(1), nn.Flatten()]
        self.layers = deepcopy(nn.Sequential(*last, head)).requires_grad_(True)  # still in evaluation mode

    def forward(self, maps: Tensor) -> Tensor:
        answer: Tensor = self.layers(maps)
        return answer


def thaw(
    net: EfficientNetLite0, head: nn.Linear, maps: Tensor, labels: Tensor, seed: int, config: TrainConfig = _THAW
) -> Generator[float, None, nn.Module]:
    """Go on training a fitted head together with a copy of the last block; maps as `Eyes.look` gives them."""
    thawed = _Thawed(net, head)
    yield from on_training_thread(_steps(thawed, maps, labels, seed, config))
    return thawed.eval()


def _steps(
    thawed: nn.Module, maps: Tensor, labels: Tensor, seed: int, config: TrainConfig
) -> Generator[float, None, None]:
    optimizer = torch.optim.Adam(thawed.parameters(), config.learning_rate)
    generator = torch.Generator().manual_seed(seed)
    for epoch in range(config.epochs):
        for places in torch.split(torch.randperm(len(labels), generator=generator), config.batch_size):
            loss = functional.cross_entropy(thawed(maps[places]), labels[places])
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
        yield (epoch + 1) / config.epochs


@dataclass(frozen=True)
class Seen:
    """Test accuracy 0..1 for each seed: a head on frozen eyes, with the last block thawed, and a net from nothing."""

    frozen: list[float]
    thawed: list[float]
    scratch: list[float]


def compare(
    eyes: Eyes,
    model: ModelConfig,
    data: Dataset,
    photos: int,
    seeds: Sequence[int],
    scratch: TrainConfig = _SCRATCH,
    thawing: TrainConfig = _THAW,
) -> Generator[float, None, Seen]:
    """Learn the same few photos of each class three ways; `model` are the layers of the net from nothing.

    Each seed draws other photos. Yields the share that is done. ValueError, in words, for fewer than two classes with
    photos or no test pictures.
    """
    classes, found = len(data.classes), Seen([], [], [])
    if len(set(data.train.labels.tolist())) < 2 or not len(data.test):
        raise ValueError("This takes photos of two classes or more, and some to test on. Add pictures on Data.")
    tested = yield from scaled(eyes.look(data.test.pixels(slice(None))), 0.0, 0.5)
    features, truth = eyes.features(tested), data.test.labels

    def share(answers: Tensor) -> float:
        return float((answers.argmax(1) == truth).double().mean())

    for done, seed in enumerate(seeds):
        start, width = 0.5 + 0.5 * done / len(seeds), 0.5 / len(seeds)
        places = draw_photos(data.train, classes, photos, seed)
        few = Split(data.train.pixels(places), data.train.labels[places], data.train.scale, data.train.mirrors)
        maps = yield from scaled(eyes.look(few.images), start, start + 0.2 * width)
        head = fit_head(eyes.features(maps), few.labels, classes)
        found.frozen.append(share(head(features)))
        thawed = yield from scaled(
            thaw(eyes.net, head, maps, few.labels, seed, thawing), start + 0.2 * width, start + 0.6 * width
        )
        with torch.no_grad():
            found.thawed.append(share(torch.cat([thawed(part) for part in torch.split(tested, _AT_ONCE)])))
        net = build_model(model, data.input_shape, classes, seed)
        yield from scaled(learn_by(cross_entropy, net, few, scratch, seed), start + 0.6 * width, start + width)
        found.scratch.append(accuracy(net, data.test))
    return found
