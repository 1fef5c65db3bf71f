"""What a run will cost, before it starts."""

import threading

import pytest

from lib import Dense, Flatten, ModelConfig, RunConfig, ShapeError, TrainConfig
from lib.runs import TooMuch
from lib.runs.estimate import Estimator, Speed, measure_speed

GREY = (1, 28, 28)
CONFIG = RunConfig(model=ModelConfig(layers=(Flatten(), Dense(4))), train=TrainConfig(batch_size=32, epochs=5))


def trained(**changes):
    return CONFIG.model_copy(update={"train": CONFIG.train.model_copy(update=changes)})


@pytest.fixture
def measured(monkeypatch):
    """Let every net take 10 ms a step and 1 ms an answer; counts the measurements."""
    calls = []

    def measure(*arguments):
        calls.append(arguments)
        return Speed(step=0.01, answer=0.001)

    monkeypatch.setattr("lib.runs.estimate.measure_speed", measure)
    return calls


def test_the_arithmetic(measured):
    found = Estimator().estimate(CONFIG, GREY, 10, pictures=60_000, valid=10_000, wait=10)
    assert found.steps_per_epoch == 1_875
    assert found.seconds_per_epoch == pytest.approx(1_875 * 0.01 + 10_000 * 0.001)
    assert found.seconds == pytest.approx(5 * found.seconds_per_epoch)
    assert found.parameters == 784 * 4 + 4 + 4 * 10 + 10
    assert found.multiply_adds == 784 * 4 + 4 * 10


def test_a_time_budget_bounds_it(measured):
    found = Estimator().estimate(trained(time_budget=7.0), GREY, 10, pictures=60_000, valid=10_000, wait=10)
    assert found.seconds == 7.0


def test_a_net_is_measured_once(measured):
    estimator = Estimator()
    for config in (CONFIG, trained(epochs=9), trained(learning_rate=0.1), trained(batch_size=64)):
        assert estimator.estimate(config, GREY, 10, pictures=100, valid=10, wait=10)
    assert len(measured) == 2  # the batch size matters, the rest does not


def test_nothing_is_said_while_it_is_being_measured(monkeypatch):
    done = threading.Event()
    monkeypatch.setattr("lib.runs.estimate.measure_speed", lambda *_: done.wait(10) and Speed(0.01, 0.001))
    estimator = Estimator()
    assert estimator.estimate(CONFIG, GREY, 10, pictures=100, valid=10) is None
    done.set()
    assert estimator.estimate(CONFIG, GREY, 10, pictures=100, valid=10, wait=10) is not None


def test_what_would_not_be_started_is_not_measured(measured, monkeypatch):
    with pytest.raises(ShapeError):
        Estimator().estimate(RunConfig(model=ModelConfig(layers=(Dense(4),))), GREY, 10, pictures=1, valid=1, wait=10)
    monkeypatch.setenv("GLASSHOUSE_MAX_PARAMETERS", "10")
    with pytest.raises(TooMuch):
        Estimator().estimate(CONFIG, GREY, 10, pictures=1, valid=1, wait=10)
    assert measured == []


@pytest.mark.parametrize("config", [CONFIG, trained(learning_rate=10.0, batch_size=4096, optimizer="sgd")])
def test_a_real_measurement(config):
    speed = measure_speed(config, GREY, 10)
    assert 0 < speed.answer < speed.step < 5
