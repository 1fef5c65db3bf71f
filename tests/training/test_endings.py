"""How a run ends: by the clock, or with a sentence when it cannot go on."""

import math
from importlib import import_module

import pytest
from torch import nn

from lib import Dense, Flatten, ModelConfig, fit
from lib.datasets.splits import Split
from lib.training import TrainState
from tests.training.plain_words import CONFIG, net_of, settings_of, steps_of


class Clock:
    """Half a second goes by each time it is read."""

    def __init__(self, monkeypatch):
        self.now = 0.0
        monkeypatch.setattr(import_module("lib.training.loop"), "perf_counter", self)

    def __call__(self):
        self.now += 0.5
        return self.now


def test_a_time_budget_ends_the_run(tiny, monkeypatch):
    Clock(monkeypatch)
    config = settings_of(CONFIG, time_budget=5.0, epochs=200)  # an epoch: 7 steps and 2 looks at the clock around parts
    events = list(fit(net_of(tiny), tiny.train, tiny.valid, config))
    assert events[-1].reason == "time_budget"
    assert 5.0 <= events[-1].seconds <= 6.0
    assert len(steps_of(events)) == 8  # 4.5 s in the first epoch, then one step
    assert [event.epoch for event in events if event.kind == "epoch_end"] == [1, 2]
    last = [event for event in events if event.kind == "epoch_end"][-1]
    assert last.train_loss == pytest.approx(steps_of(events)[-1].loss)
    assert [event.share for event in events if event.kind == "epoch_end"] == [1.0, 1 / 7]
    assert last.position == pytest.approx(1 + 1 / 7)


def test_a_clock_that_ends_a_run_at_an_epochs_end_cuts_nothing_short(tiny, monkeypatch):
    Clock(monkeypatch)
    config = settings_of(CONFIG, time_budget=4.0, epochs=200)  # within the last look at validation pictures
    events = list(fit(net_of(tiny), tiny.train, tiny.valid, config))
    ends = [event for event in events if event.kind == "epoch_end"]
    assert (events[-1].reason, [(event.epoch, event.share, event.position) for event in ends]) == (
        "time_budget",
        [(1, 1.0, 1)],
    )


def test_a_run_that_the_clock_cut_short_ends_once_when_it_is_taken_up_again(tiny, monkeypatch):
    Clock(monkeypatch)
    config = settings_of(CONFIG, time_budget=5.0, epochs=200)
    net = net_of(tiny)
    state = TrainState(net, config)
    list(fit(net, tiny.train, tiny.valid, config, state=state))
    assert (state.epoch, state.batch) == (2, 1)  # what a driver counts positions by
    tensors, counters = state.to_tensors()
    again = net_of(tiny)
    restored = TrainState(again, config)
    restored.restore(tensors, counters)
    events = list(fit(again, tiny.train, tiny.valid, config, state=restored))
    assert [event.kind for event in events] == ["run_started", "run_ended"]


@pytest.mark.parametrize("budget", [5.0, 4.0, 3.5])
def test_a_last_look_that_was_broken_off_is_made_when_it_is_taken_up_again(tiny, monkeypatch, budget):
    """Saved at any moment of a run by the clock, it comes to the same end: no epoch is missing, none comes twice."""
    Clock(monkeypatch)
    config = settings_of(CONFIG, time_budget=budget, epochs=200)

    moments = len(list(fit(net_of(tiny), tiny.train, tiny.valid, config)))
    for moment in range(1, moments + 1):
        net = net_of(tiny)
        state = TrainState(net, config)
        events = fit(net, tiny.train, tiny.valid, config, state=state)
        before = [next(events) for _ in range(moment)]
        saved = state.to_tensors()
        again = net_of(tiny)
        restored = TrainState(again, config)
        restored.restore(*saved)
        after = list(fit(again, tiny.train, tiny.valid, config, state=restored))
        ends = [event.position for event in before + after if event.kind == "epoch_end"]
        done = after[-1].step / 7
        assert ends == pytest.approx([1, done] if done > 1 else [done]), moment
        assert after[-1].reason == "time_budget"


def test_a_run_that_goes_on_from_a_moment_of_its_past_has_no_epoch_to_end(tiny, monkeypatch):
    """A moment keeps weights alone: where nothing was counted there are no means."""
    Clock(monkeypatch)
    config = settings_of(CONFIG, time_budget=5.0, epochs=200)
    net = net_of(tiny)
    state = TrainState(net, config)
    state.step, state.epoch, state.batch, state.seconds = 8, 2, 1, 5.0
    events = list(fit(net, tiny.train, tiny.valid, config, state=state))
    assert [event.kind for event in events] == ["run_started", "run_ended"]


def test_pauses_between_events_cost_no_budget(tiny, monkeypatch):
    clock = Clock(monkeypatch)
    config = settings_of(CONFIG, time_budget=100.0, epochs=2)
    events = []
    for event in fit(net_of(tiny), tiny.train, tiny.valid, config):
        clock.now += 1_000.0  # the driver rests
        events.append(event)
    assert events[-1].reason == "finished"
    assert events[-1].seconds == pytest.approx(2 * (7 * 0.5 + 2 * 0.5))


def test_an_exploding_run_ends_with_a_sentence(tiny):
    unscaled = Split(tiny.train.images, tiny.train.labels, 1.0)
    config = settings_of(CONFIG, optimizer="sgd", learning_rate=10.0, loss="cross-entropy", epochs=50)
    linear = ModelConfig(layers=(Flatten(), Dense(16, "linear")))  # no ReLU that could die before
    events = list(fit(net_of(tiny, linear), unscaled, tiny.valid, config))
    ended = events[-1]
    assert ended.reason == "diverged"
    assert ended.message == (
        f"The loss stopped being a number in epoch {steps_of(events)[-1].epoch}: the steps were too large. "
        "Try a learning rate below 10."
    )
    assert all(math.isfinite(event.valid_loss) for event in events if event.kind == "epoch_end")
    assert math.isfinite(steps_of(events)[0].loss)


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_broken_weights_end_the_run_soon(tiny, value):
    net = net_of(tiny)
    nn.init.constant_(net.dense2.weight, value)
    events = list(fit(net, tiny.train, tiny.valid, settings_of(CONFIG, batch_size=1, epochs=200)))
    assert events[-1].reason == "diverged"
    assert len(steps_of(events)) <= 16


def test_a_net_broken_by_its_very_last_update_does_not_count_as_finished(tiny):
    config = settings_of(CONFIG, optimizer="sgd", batch_size=50, epochs=1)  # one step: its loss is measured before it
    net = net_of(tiny)
    state = TrainState(net, config)
    state.learning_rate = math.inf
    events = list(fit(net, tiny.train, tiny.valid, config, state=state))
    assert math.isfinite(steps_of(events)[0].loss)
    assert events[-1].reason == "diverged"
