"""Small runs, trained for real with `fit`, each once a process, and what the doctor measures of them."""

from functools import cache
from math import inf, isfinite

import torch

from lib.config import Dense, Flatten, ModelConfig, RunConfig
from lib.data import load_dataset
from lib.doctor import Epoch, Looked, Measurements, look
from lib.experiments.measured import Curve
from lib.models import build_model
from lib.training import fit, guessing_loss
from lib.training.events import mean_of

POINT = 256  # pictures behind a point, as the driver publishes them at least

RELU = (Flatten(), Dense(64), Dense(32))
SIGMOID = (Flatten(), Dense(64, "sigmoid"))
TANH = (Flatten(), Dense(64, "tanh"))
LINEAR = (Flatten(), Dense(64, "linear"), Dense(64, "linear"))


def config(layers=RELU, data=None, **train) -> RunConfig:
    values = {"learning_rate": 0.002, "epochs": 6} | train
    return RunConfig.model_validate(
        {
            "data": {"name": "digits"} | (data or {}),
            "model": ModelConfig(layers=layers).model_dump(),
            "train": values,
        }
    )


# Who triggers which rule, and (in the tests) who must not.
RUNS = {
    "healthy": config(),
    "healthy sigmoid": config(SIGMOID, epochs=15, learning_rate=0.01),
    "no number": config(LINEAR, optimizer="sgd", learning_rate=10.0, epochs=3),
    "unscaled": config(SIGMOID, {"scale_pixels": False}),
    "crawls": config(learning_rate=0.00001),
    "edge but learns": config(SIGMOID, optimizer="sgd", learning_rate=3.0, epochs=8),
    "too large": config(optimizer="sgd", learning_rate=10.0),
    "plain descent crawls": config(SIGMOID, optimizer="sgd", learning_rate=0.001),
    "dead": config(optimizer="sgd", learning_rate=1.0),
    "saturated": config(SIGMOID, learning_rate=0.1),
    "bounces": config(TANH, learning_rate=0.1),
    "uneven": config(data={"keep": ((3, 10),)}),
    "by heart": config(data={"train_size": 200}, learning_rate=0.003, epochs=40),
    "surer": config(data={"name": "doodles", "train_size": 300}, learning_rate=0.003, epochs=40),
    "early": config(epochs=2, learning_rate=0.001),
}


@cache
def measured(name: str) -> Measurements:
    """Train the run called `name`, once."""
    return train(RUNS[name])


def train(config: RunConfig) -> Measurements:
    data = load_dataset(**config.data.model_dump())
    net = build_model(config.model, data.input_shape, len(data.classes), config.seed)
    epochs, points, recent, step, diverged = [], [], [], 0, False
    for event in fit(net, data.train, data.valid, config.train, seed=config.seed):
        match event.kind:
            case "run_started":
                steps = event.steps_per_epoch
                epochs.append(Epoch(0, None, None, event.valid_loss, event.valid_accuracy))
            case "step_end":
                step = event.step
                recent.append(event)
                if len(recent) * config.train.batch_size >= POINT:
                    loss, _ = mean_of(recent)
                    points.append((step / steps, loss if isfinite(loss) else inf))
                    recent = []
            case "epoch_end":
                losses = event.train_loss, event.train_accuracy, event.valid_loss, event.valid_accuracy
                epochs.append(Epoch(event.epoch, *losses))
            case "run_ended":
                diverged = event.reason == "diverged"
    guess = guessing_loss(len(data.classes), config.train.loss)
    finite = all(bool(value.isfinite().all()) for value in net.parameters())
    counts = torch.bincount(data.train.labels, minlength=len(data.classes))
    return Measurements(
        config=config,
        classes=data.classes,
        guess=guess,
        ended=True,
        steps=step,
        curve=Curve("run", config.train.learning_rate, epochs[0].valid_loss, guess, tuple(points), diverged),
        epochs=tuple(epochs),
        valid_pictures=len(data.valid),
        finite=finite,
        counts=tuple(counts.tolist()),
        looked=looked_into(net, data) if finite else None,
    )


def looked_into(net, data, pictures: int = 300) -> Looked:
    work = look(net, data.valid, len(data.classes), pictures)
    while True:
        try:
            next(work)
        except StopIteration as stop:
            return stop.value
