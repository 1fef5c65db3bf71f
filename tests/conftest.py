"""What all tests share: a home of their own, a tiny data set, and random set-ups for hypothesis."""

import sys

import pytest
import torch
from hypothesis import settings
from hypothesis import strategies as st

from lib.config import (
    LEARNING_RATES,
    LOSSES,
    MAX_LAYERS,
    OPTIMIZERS,
    SCHEDULES,
    DataConfig,
    ModelConfig,
    RunConfig,
    TrainConfig,
)
from lib.datasets.splits import Dataset, Split
from lib.training import machine
from tests.layers import any_layer

# The nets of tests are tiny: handing their work to a second core costs more than it brings. After lib has counted.
assert machine._CORES
torch.set_num_threads(1)

settings.register_profile("suite", deadline=None, derandomize=True, database=None)
settings.load_profile("suite")

_layer = any_layer()
_size = st.none() | st.integers(1, 60_000)
_seed = st.integers(0, 2**31 - 1)
_data = st.builds(
    DataConfig,
    name=st.sampled_from(["fashion-mnist", "doodles", "digits", "mnist", "kmnist", "cifar-10"]),
    train_size=_size,
    test_size=_size,
    valid_fraction=st.floats(0.0, 0.5),
    scale_pixels=st.booleans(),
    keep=st.dictionaries(st.integers(0, 9), st.integers(0, 99), max_size=3).map(lambda shares: tuple(shares.items())),
    seed=_seed,
)
_train = st.builds(
    TrainConfig,
    optimizer=st.sampled_from(OPTIMIZERS),
    loss=st.sampled_from(LOSSES),
    learning_rate=st.sampled_from(LEARNING_RATES) | st.floats(0.0, 10.0, exclude_min=True),
    schedule=st.sampled_from(SCHEDULES),
    batch_size=st.integers(1, 4096),
    epochs=st.integers(1, 200),
    time_budget=st.none() | st.floats(0.0, 86_400.0, exclude_min=True),
    weight_decay=st.floats(0.0, 1.0),
    augment=st.booleans(),
    precision=st.sampled_from(["auto", "fp32", "bf16"]),
)
_model = st.builds(ModelConfig, layers=st.lists(_layer, max_size=MAX_LAYERS).map(tuple))
# So that tests say `st.from_type(RunConfig)`: any set-up that is allowed, also nets that cannot work.
st.register_type_strategy(ModelConfig, _model)
st.register_type_strategy(RunConfig, st.builds(RunConfig, data=_data, model=_model, train=_train, seed=_seed))


@pytest.fixture(autouse=True)
def _own_home(tmp_path, monkeypatch):
    """Nothing a test does reaches the `.glasshouse` of the person who runs it; runs it left behind are ended."""
    monkeypatch.setenv("GLASSHOUSE_HOME", str(tmp_path / "home"))
    yield
    registry = sys.modules.get("lib.runs.registry")
    if registry is not None and registry._registry.cache_info().currsize:
        registry.get_registry().close()
        registry._registry.cache_clear()


@pytest.fixture(scope="session")
def _digits_once():
    from lib.datasets.scans import load_digits

    return load_digits()


@pytest.fixture
def quick_digits(_digits_once, monkeypatch):
    """The real `digits`, read once for all tests instead of once for every home."""
    monkeypatch.setattr("lib.datasets.scans.load_digits", lambda: _digits_once)


@pytest.fixture(scope="session")
def tiny():
    """Three kinds of 1×6×6 pictures that a tiny net can learn: 50 to train, 20 to validate, 23 to test."""
    generator = torch.Generator().manual_seed(0)

    def split(count):
        labels = torch.randint(0, 3, (count,), generator=generator)
        images = torch.randint(0, 120, (count, 1, 6, 6), generator=generator)
        for picture, label in zip(images, labels.tolist(), strict=True):
            picture[0, 2 * label : 2 * label + 2] += 100  # a bright band: above, in the middle, below
        return Split(images.to(torch.uint8), labels)

    return Dataset("tiny", split(50), split(20), split(23), ("above", "middle", "below"), (1, 6, 6))
