"""Coordinators that end with the test, and set-ups that train in a moment."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lib.config import DataConfig, Dense, Flatten, ModelConfig, RunConfig, TrainConfig
from lib.experiments import Coordinator
from lib.runs import Limits, Registry


@pytest.fixture(autouse=True)
def _quick_data(quick_digits: None) -> None:
    """Everything here trains on `digits`."""


@pytest.fixture
def fine_points(monkeypatch: pytest.MonkeyPatch) -> None:
    """A point of the curve every 256 pictures whatever the clock says, so that every curve is the same each time."""
    monkeypatch.setattr("lib.runs.places.thread._PUBLISH_SECONDS", -1.0)
    monkeypatch.setattr("lib.runs.places.thread._MOST_POINTS", float("inf"))
    monkeypatch.setattr("lib.runs.places.thread._POINT_SECONDS", float("inf"))


@pytest.fixture
def base() -> RunConfig:
    """A dense net on 600 digits, 4 epochs of 19 iterations."""
    return RunConfig(
        data=DataConfig(name="digits", train_size=600, test_size=200),
        model=ModelConfig(layers=(Flatten(), Dense(16))),
        train=TrainConfig(epochs=4, learning_rate=0.003, precision="fp32"),
        seed=5,
    )


@pytest.fixture
def open_house(tmp_path: Path) -> Iterator[Callable[..., tuple[Registry, Coordinator]]]:
    """`open_house()`: registry and coordinator on the test's folder; a second call opens the same folder again."""
    opened: list[Registry] = []

    def open_one(**limits: float) -> tuple[Registry, Coordinator]:
        registry = Registry(tmp_path / "home", Limits(**({"slice_seconds": 0.02} | limits)))  # type: ignore[arg-type]
        opened.append(registry)
        return registry, Coordinator(registry, tmp_path / "home" / "experiments")

    yield open_one
    for registry in opened:
        registry.close()


@pytest.fixture
def house(open_house: Callable[..., tuple[Registry, Coordinator]]) -> tuple[Registry, Coordinator]:
    return open_house()


@pytest.fixture
def until() -> Callable[[Callable[[], bool]], None]:
    """`until(condition)`: look until it holds; fails after 30 s."""

    def wait(condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 30
        while not condition():
            assert time.monotonic() < deadline, "waited in vain"
            time.sleep(0.01)

    return wait
