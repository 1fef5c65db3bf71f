"""Ask me the right question: a net that chooses which pictures it wants labelled, against labels drawn by lot."""

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from lib.config import ModelConfig, TrainConfig
from lib.datasets import Dataset, Split
from lib.labs.learning import accuracy, cross_entropy, learn_by
from lib.models import build_model
from lib.parts import scaled
from lib.training import evaluate

FIRST, ROUND, ROUNDS = 20, 10, 4  # labels to begin with, asked for at once, and how often
_CONFIG = TrainConfig(learning_rate=0.003, batch_size=10, epochs=30, precision="fp32")


def margin(probabilities: Tensor) -> Tensor:
    """How little the first answer of each row `(N, classes)` leads the second, -1..0: the largest is least sure."""
    best = probabilities.topk(2, dim=1).values
    return best[:, 1] - best[:, 0]


def entropy(probabilities: Tensor) -> Tensor:
    """How widely each row `(N, classes)` spreads over the classes, in nats: the largest is least sure."""
    spread: Tensor = torch.special.entr(probabilities).sum(1)
    return spread


DOUBTS: dict[str, Callable[[Tensor], Tensor]] = {"margin": margin, "entropy": entropy}


def least_sure(probabilities: Tensor, by: str, count: int, known: Sequence[int] = ()) -> list[int]:
    """The `count` rows that a net is least sure of, the least sure first, without those that are `known`."""
    doubt = DOUBTS[by](probabilities).clone()
    doubt[list(known)] = -torch.inf
    order = torch.argsort(doubt, descending=True, stable=True)
    return [int(place) for place in order[: min(count, len(doubt) - len(set(known)))]]


@dataclass(frozen=True)
class Asked:
    """Test accuracy after each round, the first for the labels that both began with, for each seed."""

    chosen: list[list[float]]  # per seed, `rounds + 1` values
    by_lot: list[list[float]]


def compare(
    model: ModelConfig,
    data: Dataset,
    by: str,
    seeds: Sequence[int],
    rounds: int = ROUNDS,
    config: TrainConfig = _CONFIG,
) -> Generator[float, None, Asked]:
    """Let nets ask for labels, and give others as many by lot; yields the share that is done.

    For each seed both begin with the same `FIRST` labels and the same net; each round adds `ROUND` labels, and a new
    net learns from all of them (pool-based uncertainty sampling, Settles 2009).
    """
    asked, trainings = Asked([], []), len(seeds) * (1 + 2 * rounds)
    done = 0
    for seed in seeds:
        order = torch.randperm(len(data.train), generator=torch.Generator().manual_seed(seed)).tolist()
        net = yield from _turn(model, data, order[:FIRST], seed, config, done, trainings)
        done += 1
        first, known = accuracy(net, data.test), order[:FIRST]
        chosen, by_lot = [first], [first]
        for each in range(1, rounds + 1):
            known = known + least_sure(evaluate(net, data.train).probabilities, by, ROUND, known)
            net = yield from _turn(model, data, known, seed, config, done, trainings)
            chosen.append(accuracy(net, data.test))
            drawn = order[: FIRST + each * ROUND]
            other = yield from _turn(model, data, drawn, seed, config, done + 1, trainings)
            by_lot.append(accuracy(other, data.test))
            done += 2
        asked.chosen.append(chosen)
        asked.by_lot.append(by_lot)
    return asked


def _turn(
    model: ModelConfig, data: Dataset, places: list[int], seed: int, config: TrainConfig, done: int, trainings: int
) -> Generator[float, None, nn.Sequential]:
    """A new net that learned from the pictures at `places`: the training number `done` of all of them."""
    index = torch.tensor(places)
    train = Split(data.train.pixels(index), data.train.labels[index], data.train.scale, data.train.mirrors)
    net = build_model(model, data.input_shape, len(data.classes), seed)
    yield from scaled(learn_by(cross_entropy, net, train, config, seed), done / trainings, (done + 1) / trainings)
    return net
