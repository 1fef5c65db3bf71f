"""Small runs, trained for real with `fit`, each once a process, and what the doctor measures of them."""

from functools import cache

from bench.doctor_bank import looked_into, train
from lib.config import Conv2d, Dense, Dropout, Flatten, GlobalAvgPool2d, ModelConfig, RunConfig
from lib.doctor import Measurements

__all__ = ["RUNS", "config", "looked_into", "measured"]

RELU = (Flatten(), Dense(64), Dense(32))
SIGMOID = (Flatten(), Dense(64, "sigmoid"))
DEEP = (Flatten(), *[Dense(32, "sigmoid")] * 5)
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
    "deep": config(DEEP, optimizer="sgd", learning_rate=0.1),
    "deep and fast": config(DEEP, optimizer="sgd", learning_rate=1.0),
    "decay": config(weight_decay=1.0),
    "one unit": config((Flatten(), Dense(1))),
    "one epoch": config(SIGMOID, epochs=1),
    "watched test": config(data={"valid_fraction": 0.0}),
    "dead": config(optimizer="sgd", learning_rate=10.0),
    "saturated": config(TANH, learning_rate=0.3, epochs=8),
    "uneven": config(data={"keep": ((3, 0),)}, epochs=10),
    "by heart": config(data={"train_size": 100}, learning_rate=0.003, epochs=40),
    "hidden": config((Flatten(), Dense(64), Dropout(0.9), Dense(32), Dropout(0.9))),
    "slowly deep": config((Flatten(), *[Dense(40, "sigmoid")] * 7), learning_rate=0.003, epochs=8),
    "fast sigmoid": config(
        (Flatten(), Dense(48, "sigmoid"), Dense(24, "sigmoid")), optimizer="momentum", learning_rate=1.0, epochs=8
    ),
    "averaged": config((Conv2d(1), GlobalAvgPool2d())),
    "one unit between": config((Flatten(), Dense(64), Dense(1), Dense(64))),
    "surer": config(data={"name": "drawn-digits", "train_size": 500}, learning_rate=0.003, epochs=80),
}


@cache
def measured(name: str) -> Measurements:
    """Train the run called `name`, once."""
    return train(RUNS[name]).measured
