"""Runs that have ended, made once for each test that wants one."""

import time

import pytest

from lib.config import Conv2d, DataConfig, Dense, Flatten, MaxPool2d, ModelConfig, RunConfig, TrainConfig
from lib.runs import Limits, Registry
from tests.runs.whole_runs import finished


@pytest.fixture(autouse=True)
def _quick_data(quick_digits):
    """Digits are read once for all tests."""


@pytest.fixture
def registry(tmp_path):
    opened = Registry(tmp_path / "home", Limits(slice_seconds=0.02))
    yield opened
    opened.close()


@pytest.fixture
def set_up():
    """`set_up(*layers, data={...}, **train)`: 80 digits in batches of 20, two epochs in float32."""

    def make(*layers, data=None, seed=3, **train):
        chosen = {"name": "digits", "train_size": 80, "test_size": 40, "valid_fraction": 0.05} | (data or {})
        how = {"precision": "fp32", "epochs": 2, "learning_rate": 0.01, "batch_size": 20} | train
        model = ModelConfig(layers=layers)
        return RunConfig(data=DataConfig(**chosen), model=model, train=TrainConfig(**how), seed=seed)

    return make


@pytest.fixture
def small(set_up):
    return set_up(Conv2d(3), MaxPool2d(), Flatten(), Dense(8))


@pytest.fixture
def run(registry, small):
    return finished(registry, small)


@pytest.fixture
def until():
    """`until(condition)`: look until it holds; fails after 30 s."""

    def wait(condition):
        deadline = time.monotonic() + 30
        while not condition():
            assert time.monotonic() < deadline, "waited in vain"
            time.sleep(0.005)

    return wait
