"""What a run will cost, before it starts."""

import threading
import time

import pytest

from lib import Dense, Flatten, ModelConfig, RunConfig, ShapeError, TrainConfig
from lib.runs import TooMuch
from lib.runs.time_needed import Estimator, Speed, measure_speed

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

    monkeypatch.setattr("lib.runs.time_needed.measure_speed", measure)
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
    monkeypatch.setattr("lib.runs.time_needed.measure_speed", lambda *_: done.wait(120) and Speed(0.01, 0.001))
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


def test_of_what_one_browser_asks_for_the_newest_wish_alone_is_measured(monkeypatch):
    first, go_on, measured = threading.Event(), threading.Event(), []

    def measure(config, *_):
        measured.append(config.train.batch_size)
        first.set()
        assert go_on.wait(120)
        return Speed(0.01, 0.001)

    monkeypatch.setattr("lib.runs.time_needed.measure_speed", measure)
    estimator = Estimator()

    def ask(batch_size, by, wait=0.0):
        wish = trained(batch_size=batch_size)
        return estimator.estimate(wish, GREY, 10, pictures=100, valid=10, by=by, wait=wait)

    assert ask(10, "slider") is None
    assert first.wait(120)
    for batch_size in (20, 30, 40, 50, 60):  # somebody drags a slider
        ask(batch_size, "slider")
    ask(30, "other")
    ask(70, "slider")
    go_on.set()
    assert ask(70, "slider", 10) is not None
    assert ask(30, "other", 10) is not None
    assert sorted(measured) == [10, 30, 70]
    assert ask(20, "slider", 10) is not None  # given up, not forbidden


def test_a_measurement_on_a_busy_machine_is_made_again(monkeypatch):
    speeds = [Speed(0.05, 0.001, quiet=False), Speed(0.09, 0.001, quiet=False), Speed(0.01, 0.001), Speed(9.0, 9.0)]
    monkeypatch.setattr("lib.runs.time_needed.measure_speed", lambda *_: speeds.pop(0))
    monkeypatch.setattr("lib.runs.time_needed._AGAIN_SECONDS", 0.0)
    estimator = Estimator()

    def seconds():
        found = estimator.estimate(CONFIG, GREY, 10, pictures=32, valid=0, wait=10)
        while estimator._under_way:
            time.sleep(0.001)
        return found.seconds_per_epoch

    said = [seconds() for _ in range(6)]
    assert said[0] == 0.05  # better than nothing, and measured again behind it
    assert said[-1] == 0.01
    assert 0.09 not in said  # something else had the core, even more than before
    assert len(speeds) == 1


@pytest.mark.parametrize(("share", "quiet"), [(1.0, True), (0.5, False)])
def test_a_measurement_knows_how_much_of_its_time_it_had_the_core(monkeypatch, share, quiet):
    monkeypatch.setattr("lib.runs.time_needed.thread_time", lambda: share * time.perf_counter())
    assert measure_speed(CONFIG, GREY, 10).quiet == quiet


def test_a_measurement_that_breaks_off_is_said_and_may_be_tried_again(monkeypatch):
    tries = []

    def measure(*_):
        tries.append(1)
        if len(tries) == 1:
            raise MemoryError("no room")
        return Speed(0.01, 0.001)

    monkeypatch.setattr("lib.runs.time_needed.measure_speed", measure)
    estimator = Estimator()
    with pytest.raises(MemoryError):
        estimator.estimate(CONFIG, GREY, 10, pictures=32, valid=0, wait=10)
    assert estimator.estimate(CONFIG, GREY, 10, pictures=32, valid=0, wait=10).seconds_per_epoch == 0.01


def test_what_it_remembers_has_a_bound(measured, monkeypatch):
    monkeypatch.setattr("lib.runs.time_needed._MOST_MEASURED", 3)
    monkeypatch.setattr("lib.runs.time_needed._MOST_WISHES", 2)
    estimator = Estimator()
    for number in range(1, 9):
        wish = trained(batch_size=number)
        assert estimator.estimate(wish, GREY, 10, pictures=100, valid=10, wait=10, by=f"browser {number}")
    assert (len(estimator._measured), list(estimator._wishes)) == (3, ["browser 7", "browser 8"])
    assert estimator.estimate(trained(batch_size=8), GREY, 10, pictures=100, valid=10)
    assert len(measured) == 8


def test_the_others_in_line_are_counted(measured):
    alone = Estimator().estimate(CONFIG, GREY, 10, pictures=60_000, valid=10_000, wait=10)
    beside = alone.beside(29, 1 / 30)
    assert beside.seconds == pytest.approx(30 * alone.seconds)
    assert beside.seconds_per_epoch == pytest.approx(30 * alone.seconds_per_epoch)
    assert (beside.others, beside.memory_mb) == (29, alone.memory_mb)
