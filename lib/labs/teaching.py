"""Teacher and pupil: a small net learns from a large one's soft answers, against the same net on the labels alone."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from lib.config import Conv2d, Flatten, MaxPool2d, ModelConfig, TrainConfig
from lib.datasets import Dataset, Split
from lib.labs.learning import Objective, accuracy, cross_entropy, learn_by, logits_of
from lib.models import build_model, summarize
from lib.parts import scaled

PARAMETERS = 2_000  # of a pupil, about
TEMPERATURES = (1, 2, 4, 8, 16)
_CHUNK = 256  # pictures that the teacher answers at once
_CONFIG = TrainConfig(learning_rate=0.003, batch_size=32, epochs=40, precision="fp32")


def pupil(input_shape: tuple[int, int, int], classes: int, parameters: int = PARAMETERS) -> ModelConfig:
    """Three small convolutions with about so many parameters: as many maps in the last one as come nearest to it."""
    pool = max(2, max(input_shape[1:]) // 14)  # large pictures are made smaller first
    tried = [
        ModelConfig(layers=(Conv2d(4), MaxPool2d(pool), Conv2d(8), MaxPool2d(), Conv2d(maps), MaxPool2d(), Flatten()))
        for maps in range(1, 25)
    ]
    return min(tried, key=lambda model: abs(summarize(model, input_shape, classes).parameters - parameters))


def softened(logits: Tensor, temperature: float) -> Tensor:
    """Answers `(N, classes)` at a temperature: 1 is the net's own, a higher one shows what else it considered."""
    return functional.softmax(logits / temperature, dim=1)


def soft_loss(logits: Tensor, teacher: Tensor, temperature: float) -> Tensor:
    """How far a pupil's soft answers are from the teacher's (logits `(N, classes)` of both), in nats.

    The divergence Σ p · (log p − log q), the mean over the pictures, times the temperature squared, so that slopes are
    as large at every temperature (Hinton, Vinyals and Dean 2015).
    """
    taught = functional.log_softmax(teacher / temperature, dim=1)
    said = functional.log_softmax(logits / temperature, dim=1)
    apart: Tensor = (taught.exp() * (taught - said)).sum(1).mean()
    return apart * temperature**2


@dataclass(frozen=True)
class Taught:
    """Test accuracies: the teacher's, and one for each seed of pupils that heard it and of pupils that did not."""

    teacher: float
    by_teacher: list[float]
    by_labels: list[float]


def teach(
    teacher: nn.Module,
    model: ModelConfig,
    data: Dataset,
    temperature: float,
    seeds: Sequence[int],
    config: TrainConfig = _CONFIG,
) -> Generator[float, None, Taught]:
    """Train pupils of the layers `model` on the teacher's answers, and others on the labels; yields the share done.

    For each seed both begin as the same net and see the same pictures in the same order. Those that hear the teacher
    never see a label.
    """
    trainings, done = 2 * len(seeds), 0
    logits = yield from scaled(_answers(teacher, data.train), 0.0, 0.05)
    answered = _numbered(data.train)

    def by_teacher(net: nn.Module, x: Tensor, places: Tensor) -> Tensor:
        return soft_loss(net(x), logits[places], temperature)

    ways: tuple[tuple[Objective, Split], ...] = ((by_teacher, answered), (cross_entropy, data.train))
    found: tuple[list[float], list[float]] = [], []
    for seed in seeds:
        for (objective, train), scores in zip(ways, found, strict=True):
            net = build_model(model, data.input_shape, len(data.classes), seed)
            begins, ends = (0.05 + 0.95 * part / trainings for part in (done, done + 1))
            yield from scaled(learn_by(objective, net, train, config, seed), begins, ends)
            scores.append(accuracy(net, data.test))
            done += 1
    return Taught(accuracy(teacher, data.test), *found)


def _answers(teacher: nn.Module, split: Split) -> Generator[float, None, Tensor]:
    """The teacher's logits `(N, classes)` for every picture, asked once; yields the share that is done."""
    found = []
    for start in range(0, len(split), _CHUNK):
        found.append(logits_of(teacher, split.batch(slice(start, start + _CHUNK))[0]))
        yield min((start + _CHUNK) / len(split), 1.0)
    return torch.cat(found)


def _numbered(split: Split) -> Split:
    """The same pictures, each with its own number as its label, by which its answer is found."""
    everything = torch.arange(len(split))
    return Split(split.pixels(everything), everything, split.scale, split.mirrors)
