"""Whose hand? How thick, tilted and large a drawing is, how well a net does by group, and what more of a group does."""

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor

from lib.config import ModelConfig, TrainConfig
from lib.datasets import Dataset, Split
from lib.labs.learning import cross_entropy, learn_by
from lib.models import build_model
from lib.parts import scaled
from lib.training import evaluate

BASE, ADDED, FEWEST = 300, 150, 10  # training pictures without the group, then added; and at least to be added
End = Literal["low", "high"]
Way = Literal["none", "group", "others"]
WAYS: tuple[Way, ...] = ("none", "group", "others")
_CONFIG = TrainConfig(learning_rate=0.003, batch_size=32, epochs=20, precision="fp32")
_EMPTY = 1e-6  # ink, in pixels, below which there is nothing to measure


@dataclass(frozen=True)
class Moments:
    """Moments of the ink of N pictures, each `(N,)`: how much there is, and its spread about its centre."""

    mass: Tensor  # pixels, as if all of them were full
    xx: Tensor  # pixels²; x to the right, y down
    xy: Tensor
    yy: Tensor


def ink(images: Tensor) -> Tensor:
    """How far each pixel is from the paper, 0..1 `(N, H, W)`, of pictures uint8 `(N, C, H, W)`.

    The paper's grey is the middle one along the edge, so that it may be black, white or a photo's.
    """
    grey = images.float().mean(1) / 255
    edge = torch.cat([grey[:, 0], grey[:, -1], grey[:, 1:-1, 0], grey[:, 1:-1, -1]], dim=1)
    return (grey - edge.median(1).values[:, None, None]).abs()


def moments(images: Tensor) -> Moments:
    """Moments of pictures uint8 `(N, C, H, W)`: mass, and central ones of second order divided by it (Hu 1962)."""
    weight = ink(images)
    mass = weight.sum((1, 2))
    share = weight / mass.clamp(min=_EMPTY)[:, None, None]
    y, x = (torch.arange(side, dtype=torch.float32) for side in weight.shape[1:])
    x = x - (share.sum(1) @ x)[:, None]
    y = y - (share.sum(2) @ y)[:, None]
    return Moments(
        mass,
        torch.einsum("nhw,nw->n", share, x**2),
        torch.einsum("nhw,nh,nw->n", share, y, x),
        torch.einsum("nhw,nh->n", share, y**2),
    )


def size(of: Moments) -> Tensor:
    """How far the ink lies from its centre, pixels: the root of the mean square."""
    return (of.xx + of.yy).sqrt()


def thickness(of: Moments) -> Tensor:
    """Ink by size: a line of the same shape that is twice as thick has twice the ink."""
    return of.mass / size(of).clamp(min=_EMPTY)


def tilt(of: Moments) -> Tensor:
    """How far what stands leans to the right, degrees: the slant −xy / yy, as it is set upright by a shear."""
    return torch.atan2(-of.xy, of.yy.clamp(min=_EMPTY)).rad2deg()


MEASURES: dict[str, Callable[[Moments], Tensor]] = {"thickness": thickness, "tilt": tilt, "size": size}


def measured(split: Split, measure: str) -> Tensor:
    """One number for each picture of a split."""
    return MEASURES[measure](moments(split.pixels(slice(None))))


def thirds(values: Tensor, labels: Tensor) -> dict[End, Tensor]:
    """The places of the third of each class with the lowest values, the lowest first, and with the highest.

    Class by class: ones are thin in every hand, and a group of thin pictures shall not be a group of ones.
    """
    found: dict[End, list[Tensor]] = {"low": [], "high": []}
    for label in sorted(set(labels.tolist())):
        places = (labels == label).nonzero().flatten()
        order = places[values[places].argsort(stable=True)]
        part = len(order) // 3
        found["low"].append(order[:part])
        found["high"].append(order.flip(0)[:part])
    return {end: torch.cat(parts) for end, parts in found.items()}


@dataclass(frozen=True)
class Grown:
    """Test accuracy within a group and outside of it, for each seed, by what the net was trained on."""

    base: int  # training pictures without any of the group
    added: int
    inside: dict[Way, list[float]]
    outside: dict[Way, list[float]]


def amounts(group: int, pictures: int) -> tuple[int, int]:
    """How many pictures outside of a group to begin with, and how many to add, where there are so many in all."""
    rest = pictures - group
    base = min(BASE, rest // 2)
    return base, min(ADDED, group, rest - base)


def grow(
    model: ModelConfig, data: Dataset, measure: str, end: End, seeds: Sequence[int], config: TrainConfig = _CONFIG
) -> Generator[float, None, Grown]:
    """Train nets on pictures outside of a group; on those and some of the group; on those and as many others.

    For each seed all three begin as the same net. Yields the share that is done. ValueError for too few pictures.
    """
    group = thirds(measured(data.train, measure), data.train.labels)[end]
    rest = _without(group, len(data.train))
    base = min(BASE, len(rest) // 2)
    added = min(ADDED, len(group), len(rest) - base)
    tested = thirds(measured(data.test, measure), data.test.labels)[end]
    if added < FEWEST or not len(tested):
        raise ValueError(
            f"Too few pictures to take a third away: {len(data.train):,} to train on. Choose more on Train."
        )
    apart = _without(tested, len(data.test))
    found = Grown(base, added, {way: [] for way in WAYS}, {way: [] for way in WAYS})
    done, trainings = 0, len(WAYS) * len(seeds)
    for seed in seeds:
        draw = torch.Generator().manual_seed(seed)
        of_rest = rest[torch.randperm(len(rest), generator=draw)]
        of_group = group[torch.randperm(len(group), generator=draw)]
        chosen: dict[Way, Tensor] = {
            "none": of_rest[:base],
            "group": torch.cat([of_rest[:base], of_group[:added]]),
            "others": of_rest[: base + added],
        }
        for way, places in chosen.items():
            train = Split(data.train.pixels(places), data.train.labels[places], data.train.scale, data.train.mirrors)
            net = build_model(model, data.input_shape, len(data.classes), seed)
            part = done / trainings, (done + 1) / trainings
            yield from scaled(learn_by(cross_entropy, net, train, config, seed), *part)
            right = evaluate(net, data.test).probabilities.argmax(1) == data.test.labels
            found.inside[way].append(float(right[tested].float().mean()))
            found.outside[way].append(float(right[apart].float().mean()))
            done += 1
    return found


def _without(places: Tensor, count: int) -> Tensor:
    kept = torch.ones(count, dtype=torch.bool)
    kept[places] = False
    return kept.nonzero().flatten()
