"""Who is in the class of these tests, and what they train."""

import time

from lib import DataConfig, Dense, Flatten, ModelConfig, RunConfig, TrainConfig

ADA, BOB, TEACHER = "A" * 22, "B" * 22, "T" * 22


def config(**train):
    return RunConfig(
        data=DataConfig(name="digits", train_size=200, test_size=30, valid_fraction=0.1),
        model=ModelConfig(layers=(Flatten(), Dense(8))),
        train=TrainConfig(**{"batch_size": 1, "epochs": 200, "learning_rate": 0.01, "precision": "fp32"} | train),
    )


def until(true):
    deadline = time.monotonic() + 30
    while not true():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)


def key(room, owner):
    return room.student(owner).key
