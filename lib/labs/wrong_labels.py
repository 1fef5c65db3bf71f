"""Wrong labels: what they do to a net, and how a net itself points at them."""

from collections.abc import Generator, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from lib.config import ModelConfig, TrainConfig
from lib.datasets import Dataset, Split
from lib.models import build_model
from lib.training import evaluate, fit
from lib.training.batches import steps_per_epoch


def spoiled(labels: Tensor, share: float, classes: int, seed: int = 0) -> Tensor:
    """Give this share of `labels` `(N,)` a class drawn by lot; some of them draw their own."""
    generator = torch.Generator().manual_seed(seed)
    chosen = torch.randperm(len(labels), generator=generator)[: round(share * len(labels))]
    drawn = labels.clone()
    drawn[chosen] = torch.randint(0, classes, (len(chosen),), generator=generator)
    return drawn


def mended(labels: Tensor, corrections: Mapping[int, int]) -> Tensor:
    """`labels` with some of them set right: place -> class."""
    right = labels.clone()
    for place, label in corrections.items():
        right[place] = label
    return right


@dataclass(frozen=True)
class Studied:
    """What came of training on labels of which some may be wrong."""

    train_accuracy: list[float]  # after each epoch, by the labels as they were given
    test_accuracy: list[float]  # by true labels
    doubt: Tensor  # (N,): how far the net's answers rose above the label that was given, averaged over the epochs
    answers: Tensor  # (N,): what the net would have said instead, all epochs taken together

    def suspects(self, count: int) -> list[int]:
        """The training pictures whose labels are contradicted most surely, the surest first."""
        order = torch.argsort(self.doubt, descending=True, stable=True)
        return [int(place) for place in order[:count] if self.doubt[place] > 0]


def study(
    model: ModelConfig, data: Dataset, labels: Tensor, config: TrainConfig, seed: int
) -> Generator[float, None, Studied]:
    """Train on the training pictures with these labels; yields the share that is done.

    A net learns what many pictures agree on first and the exceptions late, so what it says early, averaged over the
    epochs, contradicts wrong labels (Pleiss et al. 2020, there with scores, here with probabilities).
    """
    train = Split(data.train.images, labels, data.train.scale, data.train.mirrors)
    net = build_model(model, data.input_shape, len(data.classes), seed)
    steps = config.epochs * steps_per_epoch(len(train), config.batch_size)
    said = torch.zeros(len(labels), len(data.classes))
    train_accuracy, test_accuracy = [], []
    for event in fit(net, train, data.test, config, seed=seed):
        if event.kind == "step_end":
            yield event.step / steps
        elif event.kind == "epoch_end":
            found = evaluate(net, train)
            said += found.probabilities / config.epochs
            train_accuracy.append(found.accuracy)
            test_accuracy.append(float(event.valid_accuracy or 0.0))
        elif event.kind == "run_ended" and event.reason == "diverged":
            raise ValueError(event.message)
    given = said.gather(1, labels[:, None])[:, 0]
    others = said.scatter(1, labels[:, None], -1.0)
    return Studied(train_accuracy, test_accuracy, others.max(1).values - given, others.argmax(1))


def planted_among(suspects: list[int], given: Tensor, truth: Tensor) -> int:
    """How many of the suspects have indeed a wrong label."""
    return int((given[suspects] != truth[suspects]).sum()) if suspects else 0
