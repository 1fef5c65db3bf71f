"""What a run has published: on disk and in memory the same, also after going back."""

import json
import math

import pytest
import torch

from lib import RunConfig
from lib.runs.log import RunLog
from lib.runs.names import name_for
from lib.runs.store import Store
from lib.training import EpochEnd, StepEnd
from lib.training.events import mean_of


@pytest.fixture
def store(tmp_path):
    store = Store(tmp_path)
    store.create("abc", "me", RunConfig(), name_for)
    yield store
    store.close()


@pytest.fixture
def log(store):
    return RunLog("abc", store)


def step(loss=1.0, right=1):
    logits = torch.tensor([[1.0, 0.0]] * 4)
    return StepEnd(1, 1, torch.tensor(loss), logits, torch.tensor([0] * right + [1] * (4 - right)))


def epoch(number, loss=1.0):
    return EpochEnd(number, loss, 0.5, loss, 0.5, 0.1, 2.0)


def contents(log):
    return log.points, log.epochs, log.marks, log.checks


def test_what_is_published_is_on_disk_at_once(log, store):
    log.add_start(2.3, 0.1)
    log.add_mean(0.25, *mean_of([step(1.0, 4), step(2.0, 1)]))
    log.add_mark(0.25, 0.3)
    log.add_check(0.5, 1.2, 0.6)
    log.add_epoch(epoch(1))
    assert log.points == [[0.25, 1.5, 0.625]]
    assert log.marks == [{"at": 0.25, "learning_rate": 0.3}]
    assert log.checks == [[0.5, 1.2, 0.6]]
    assert [entry["epoch"] for entry in log.epochs] == [0, 1]
    assert log.epochs[0] == {"epoch": 0, "valid_loss": 2.3, "valid_accuracy": 0.1}
    assert log.last_valid_accuracy() == 0.5
    assert contents(RunLog("abc", store)) == contents(log)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_json_cannot_say_is_none(log, store, value):
    log.add_start(value, 0.1)
    log.add_mean(0.25, *mean_of([step(value)]))
    log.add_check(0.3, value, 0.1)
    log.add_epoch(epoch(1, value))
    assert log.points == [[0.25, None, 0.25]]
    assert (log.epochs[0]["valid_loss"], log.epochs[1]["train_loss"], log.checks[0][1]) == (None, None, None)
    assert json.dumps(contents(log), allow_nan=False)
    assert contents(RunLog("abc", store)) == contents(log)


@pytest.mark.parametrize("steps", [3, 7, 60, 1_875])
def test_going_back_drops_what_lies_beyond_in_memory_and_on_disk(log, store, steps):
    """Positions are fractions that decimals cannot say: the point of the checkpoint itself must stay."""
    log.add_start(2.3, 0.1)
    shown = range(1, 2 * steps + 1, max(1, steps // 12))
    for number in shown:
        log.add_mean(number / steps, *mean_of([step()]))
        log.add_mark(number / steps, 0.1)
        log.add_check(number / steps, 1.0, 0.5)
        if number == steps:
            log.add_epoch(epoch(1))
    for number in reversed(shown):
        log.forget_after(number / steps)
        assert len(log.points) == len(log.marks) == len(log.checks) == shown.index(number) + 1
        assert log.epochs[-1]["epoch"] == (1 if number >= steps and steps in shown else 0)
        assert contents(RunLog("abc", store)) == contents(log)


def test_an_epoch_that_the_clock_cut_short_stands_where_it_came_to(log, store):
    log.add_start(2.3, 0.1)
    log.add_epoch(epoch(1))
    log.add_epoch(EpochEnd(2, 1.0, 0.5, 1.0, 0.5, 0.1, 2.0, share=1 / 16))
    assert [entry["epoch"] for entry in log.epochs] == [0, 1, 1.0625]
    log.forget_after(1 + 1 / 16)  # a driver that takes the run up again
    assert [entry["epoch"] for entry in log.epochs] == [0, 1, 1.0625]
    assert contents(RunLog("abc", store)) == contents(log)


def test_readers_see_that_the_tail_was_taken_back(log):
    before = log.shortened
    held = log.points
    log.add_mean(0.5, *mean_of([step()]))
    log.forget_after(0.1)
    assert log.shortened == before + 1
    assert log.points == []
    assert len(held) == 1  # a reader that still holds the list is not surprised
