"""Registries that end with the test, and set-ups that train in a moment."""

import time

import pytest

from lib import Conv2d, DataConfig, Dense, Dropout, Flatten, MaxPool2d, ModelConfig, RunConfig, TrainConfig
from lib.runs import Limits, Registry
from lib.runs.places.thread import DrivenHere


@pytest.fixture(autouse=True)
def _quick_data(quick_digits):
    """Every run here trains on `digits`."""


@pytest.fixture
def small():
    """60 pictures, 3 steps an epoch, 2 epochs."""
    return RunConfig(
        data=DataConfig(name="digits", train_size=60, test_size=30, valid_fraction=0.05),
        model=ModelConfig(layers=(Flatten(), Dense(8))),
        train=TrainConfig(batch_size=20, epochs=2, learning_rate=0.01, precision="fp32"),
        seed=3,
    )


@pytest.fixture
def endless(small):
    """The same, for 200 epochs of 60 steps: not over before the test wants it to be."""
    return small.model_copy(update={"train": small.train.model_copy(update={"epochs": 200, "batch_size": 1})})


@pytest.fixture
def random_net(small):
    """A net with all that draws random numbers: dropout and augmentation."""
    layers = (Conv2d(3), MaxPool2d(4), Flatten(), Dropout(0.3), Dense(8))
    train = small.train.model_copy(update={"augment": True, "epochs": 3})
    return small.model_copy(update={"model": ModelConfig(layers=layers), "train": train})


@pytest.fixture
def open_registry(tmp_path):
    """`open_registry()`: a registry on the test's folder, closed at the end; `name` gives another folder."""
    opened = []

    def open_one(name="home", **limits):
        registry = Registry(tmp_path / name, Limits(**({"slice_seconds": 0.02} | limits)))
        opened.append(registry)
        return registry

    yield open_one
    for registry in opened:
        registry.close()


@pytest.fixture
def registry(open_registry):
    return open_registry()


@pytest.fixture
def after_event(monkeypatch):
    """`after_event(look)`: from now on call `look(driver, event)` on the training thread after each event of a run."""

    def install(look):
        original = DrivenHere.next

        def spy(driver, learning_rate=None):
            event = original(driver, learning_rate)
            look(driver, event)
            return event

        monkeypatch.setattr(DrivenHere, "next", spy)

    return install


@pytest.fixture
def until():
    """`until(condition)`: look until it holds; fails after 30 s."""

    def wait(condition):
        deadline = time.monotonic() + 30
        while not condition():
            assert time.monotonic() < deadline, "waited in vain"
            time.sleep(0.005)

    return wait
