"""Train a net of a lab: by the common loop where only pictures differ, by an own one where what is minimised does."""

from collections.abc import Callable, Generator

import torch
from torch import Tensor, nn
from torch.nn import functional

from lib.config import TrainConfig
from lib.datasets import Split
from lib.models.modes import evaluating
from lib.training import evaluate, fit
from lib.training.batches import epoch_batches, steps_per_epoch
from lib.training.machine import on_training_thread
from lib.training.state import lend_generator

Objective = Callable[[nn.Module, Tensor, Tensor], Tensor]  # net, pictures, labels -> what to minimise


def learn(model: nn.Module, train: Split, valid: Split, config: TrainConfig, seed: int) -> Generator[float, None, None]:
    """Train `model` as a run would; yields the share that is done. ValueError, in words, when the loss breaks."""
    steps = config.epochs * steps_per_epoch(len(train), config.batch_size)
    for event in fit(model, train, valid, config, seed=seed):
        if event.kind == "step_end":
            yield event.step / steps
        elif event.kind == "run_ended" and event.reason == "diverged":
            raise ValueError(event.message)
    model.eval()


def learn_by(
    objective: Objective, model: nn.Module, train: Split, config: TrainConfig, seed: int
) -> Generator[float, None, None]:
    """Train `model` by Adam to make `objective` small; yields the share that is done."""
    yield from on_training_thread(_steps(objective, model, train, config, seed))
    model.eval()


def _steps(
    objective: Objective, model: nn.Module, train: Split, config: TrainConfig, seed: int
) -> Generator[float, None, None]:
    optimizer = torch.optim.Adam(model.parameters(), config.learning_rate)
    lend_generator(model, seed)
    steps, done = config.epochs * steps_per_epoch(len(train), config.batch_size), 0
    for epoch in range(1, config.epochs + 1):
        for x, y in epoch_batches(train, config.batch_size, seed, epoch, augment=config.augment):
            model.train()
            loss = objective(model, x, y)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            done += 1
            yield done / steps


def cross_entropy(model: nn.Module, x: Tensor, y: Tensor) -> Tensor:
    """The usual loss."""
    return functional.cross_entropy(model(x), y)


def accuracy(model: nn.Module, split: Split) -> float:
    """The share of a split's pictures that it names as the split does."""
    return evaluate(model, split).accuracy


def logits_of(model: nn.Module, x: Tensor) -> Tensor:
    """What a net says to pictures before the softmax, `(N, classes)`."""
    with torch.no_grad(), evaluating(model):
        said: Tensor = model(x)
    return said
