"""One net of many by averaging their weights: it works if they began from one start, and fails if they did not.

Nets that begin at the same random weights stay in one valley, and its middle is low too. Nets from different starts
learn the same features in another order: the mean of two different things is neither (Frankle et al. 2020).
"""

from collections.abc import Generator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Literal, get_args

import torch
from torch import nn

from lib.config import Dense, Flatten, ModelConfig, TrainConfig
from lib.datasets import Dataset, load_dataset
from lib.models import build_model
from lib.training import evaluate, fit
from lib.training.batches import steps_per_epoch

Start = Literal["one", "own"]  # all began at the same weights, or each at weights of its own
STARTS: tuple[Start, ...] = get_args(Start)
SHOWN_ON = "digits"  # small, and on every machine
SHOWN_NETS = 3
_SHOWN = ModelConfig(layers=(Flatten(), Dense(32)))
_TRAIN = TrainConfig(epochs=4, learning_rate=0.003, precision="fp32")


@dataclass(frozen=True)
class Averaged:
    """Nets of one kind, and the net whose weights are their mean; accuracies 0..1 on the same test pictures."""

    start: Start
    singles: tuple[float, ...]
    average: float
    of_class: bool  # nets of the class, or small ones that were trained to show it


def average_of(nets: Sequence[nn.Module]) -> nn.Module:
    """A net with the mean of every weight and running statistic of at least one net; all are built alike.

    What counts (batches that were seen) is taken from the first.
    """
    states = [net.state_dict() for net in nets]
    averaged = deepcopy(nets[0])
    averaged.load_state_dict(
        {
            name: torch.stack([state[name].double() for state in states]).mean(0).to(value.dtype)
            if value.is_floating_point()
            else value
            for name, value in states[0].items()
        }
    )
    return averaged.eval()


def show_both() -> Generator[float, None, tuple[Averaged, ...]]:
    """Train small nets from one start, and others from different ones, and average each; yields the share done.

    All see the pictures in an order of their own.
    """
    data = load_dataset(SHOWN_ON)
    steps = 2 * SHOWN_NETS * _TRAIN.epochs * steps_per_epoch(len(data.train), _TRAIN.batch_size)
    found, done = [], 0
    for start in STARTS:
        nets = []
        for number in range(SHOWN_NETS):
            net = build_model(_SHOWN, data.input_shape, len(data.classes), 0 if start == "one" else number)
            for event in fit(net, data.train, data.valid, _TRAIN, seed=number):
                if event.kind == "step_end":
                    done += 1
                    yield done / steps
            nets.append(net)
        found.append(measured(start, nets, data, of_class=False))
    return tuple(found)


def measured(start: Start, nets: Sequence[nn.Module], data: Dataset, *, of_class: bool, most: int = 2_000) -> Averaged:
    """How each of these nets does on test pictures, `most` at the most, and how their average does."""
    singles = tuple(evaluate(net, data.test, limit=most).accuracy for net in nets)
    return Averaged(start, singles, evaluate(average_of(nets), data.test, limit=most).accuracy, of_class)
