"""Schedules against torch's own, and in `fit`."""

import json
from itertools import pairwise
from math import ceil

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn import functional
from torch.optim import lr_scheduler

from lib import fit
from lib.config import SCHEDULES
from lib.schedules import first_rate, scheduled_rate
from lib.training import TrainState
from lib.training.batches import epoch_batches
from tests.training.plain_words import CONFIG, RANDOM, net_of, settings_of, told

TORCH = {
    "constant": lambda optimizer, _rate, _total: lr_scheduler.ConstantLR(optimizer, factor=1.0),
    "cosine": lambda optimizer, _rate, total: lr_scheduler.CosineAnnealingLR(optimizer, T_max=total),
    "one-cycle": lambda optimizer, rate, total: lr_scheduler.OneCycleLR(
        optimizer, rate, total_steps=total, cycle_momentum=False
    ),
    "step": lambda optimizer, _rate, total: lr_scheduler.MultiStepLR(
        optimizer, milestones=[ceil(total / 2), ceil(3 * total / 4)], gamma=0.1
    ),
}
BASE = st.floats(1e-5, 10.0)
TOTAL = st.integers(1, 400)


def torchs_rates(schedule, base, total):
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=base)
    scheduler = TORCH[schedule](optimizer, base, total)
    rates = []
    for step in range(total):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        if step < total - 1:
            scheduler.step()
    return rates


@pytest.mark.parametrize("schedule", SCHEDULES)
@given(base=BASE, total=TOTAL)
def test_every_rate_is_torchs(schedule, base, total):
    ours = [scheduled_rate(schedule, base, step, total) for step in range(total)]
    assert ours == pytest.approx(torchs_rates(schedule, base, total), rel=1e-6, abs=1e-9 * base)


@pytest.mark.parametrize("schedule", SCHEDULES)
@given(base=BASE, total=TOTAL, step=st.floats(0, 500))
def test_no_rate_is_above_the_base_or_below_zero(schedule, base, total, step):
    assert -1e-12 <= scheduled_rate(schedule, base, step, total) <= base * (1 + 1e-12)


@pytest.mark.parametrize("schedule", SCHEDULES)
@given(base=BASE, total=TOTAL, factor=st.floats(0.1, 10.0), step=st.floats(0, 500))
def test_a_rate_goes_with_the_base(schedule, base, total, factor, step):
    one, other = (scheduled_rate(schedule, rate, step, total) for rate in (base, factor * base))
    assert other == pytest.approx(factor * one, rel=1e-9, abs=1e-15)


@pytest.mark.parametrize("schedule", SCHEDULES)
@given(total=TOTAL)
def test_only_one_cycle_ever_climbs(schedule, total):
    rates = [scheduled_rate(schedule, 1.0, step, total) for step in range(total + 3)]
    climb = max(ceil(0.3 * total), 1) if schedule == "one-cycle" else 0
    assert all(later <= earlier for earlier, later in pairwise(rates[climb:]))
    assert all(later >= earlier for earlier, later in pairwise(rates[: max(climb - 1, 0)]))


def test_step_is_divided_by_ten_after_a_half_and_three_quarters():
    rates = [scheduled_rate("step", 0.1, step, 64_000) for step in (0, 31_999, 32_000, 47_999, 48_000, 63_999)]
    assert rates == pytest.approx([0.1, 0.1, 0.01, 0.01, 0.001, 0.001])  # He et al. 2016, section 4.2


@pytest.mark.parametrize("schedule", SCHEDULES)
@given(base=BASE, total=st.integers(4, 400))
def test_the_first_rate_is_known_before_the_length(schedule, base, total):
    assert first_rate(schedule, base) == pytest.approx(scheduled_rate(schedule, base, 0, total))
    config = CONFIG.model_copy(update={"schedule": schedule, "learning_rate": base})
    assert TrainState(net_of_one_weight(), config).effective_rate == first_rate(schedule, base)


def net_of_one_weight():
    return torch.nn.Linear(1, 1)


def test_an_unknown_schedule_is_named():
    with pytest.raises(ValueError, match="zigzag"):
        scheduled_rate("zigzag", 0.1, 0, 10)


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_fit_follows_it_and_says_so(tiny, schedule):
    config = settings_of(CONFIG, schedule=schedule, epochs=3)  # 7 steps each
    net = net_of(tiny)
    state = TrainState(net, config)
    told_rates, used = [], []
    for event in fit(net, tiny.train, tiny.valid, config, state=state):
        assert event.kind != "learning_rate_changed"  # that is for changes by a person
        if event.kind == "step_end":
            used.append(state.optimizer.param_groups[0]["lr"])
            assert state.effective_rate == used[-1]
        if event.kind == "epoch_end":
            told_rates.append(event.learning_rate)
    assert used == [scheduled_rate(schedule, 0.01, step, 21) for step in range(21)]
    assert told_rates == [used[6], used[13], used[20]]
    assert state.learning_rate == 0.01


@pytest.mark.parametrize("optimizer", ["sgd", "adamw"])
@pytest.mark.parametrize("schedule", SCHEDULES)
def test_fit_equals_a_textbook_loop_with_torchs_scheduler(tiny, schedule, optimizer):
    config = settings_of(CONFIG, schedule=schedule, optimizer=optimizer, weight_decay=0.01, epochs=3)
    net, textbook_net = net_of(tiny), net_of(tiny)
    for _ in fit(net, tiny.train, tiny.valid, config, seed=4):
        pass

    kind = {"sgd": torch.optim.SGD, "adamw": torch.optim.AdamW}[optimizer]
    textbook = kind(textbook_net.parameters(), lr=0.01, weight_decay=0.01, foreach=False)
    scheduler = TORCH[schedule](textbook, 0.01, 21)
    for epoch in (1, 2, 3):
        for x, y in epoch_batches(tiny.train, 8, 4, epoch, augment=False):
            textbook.zero_grad()
            functional.cross_entropy(textbook_net(x), y).backward()
            textbook.step()
            if scheduler.last_epoch < 20:
                scheduler.step()
    for ours, theirs in zip(net.parameters(), textbook_net.parameters(), strict=True):
        torch.testing.assert_close(ours, theirs, atol=1e-5, rtol=1e-4)


def test_a_person_moves_the_whole_schedule_and_leaves_one_mark(tiny):
    config = settings_of(CONFIG, schedule="cosine", epochs=2)
    net = net_of(tiny)
    state = TrainState(net, config)
    changes, used = [], []
    for event in fit(net, tiny.train, tiny.valid, config, state=state):
        if event.kind == "learning_rate_changed":
            changes.append((event.step, event.learning_rate))
        if event.kind == "step_end":
            used.append(state.effective_rate)
            if event.step == 5:
                state.learning_rate = 0.02
    assert changes == [(5, 0.02)]
    assert used == [scheduled_rate("cosine", 0.01 if step < 5 else 0.02, step, 14) for step in range(14)]


# In the second epoch, in its evaluation, after its end.
@pytest.mark.parametrize("stop_after", [10, 16, 18])
@pytest.mark.parametrize("schedule", SCHEDULES)
def test_a_scheduled_run_goes_on_from_what_was_saved_bit_for_bit(tiny, schedule, stop_after):
    config = settings_of(CONFIG, schedule=schedule, optimizer="adamw", epochs=3)
    whole_net = net_of(tiny, RANDOM, 6)
    whole = [told(event) for event in fit(whole_net, tiny.train, tiny.valid, config, seed=6)]

    net = net_of(tiny, RANDOM, 6)
    state = TrainState(net, config, seed=6)
    events = fit(net, tiny.train, tiny.valid, config, state=state)
    for _ in range(stop_after + 1):
        next(events)
    tensors, counters = state.to_tensors()

    net = net_of(tiny, RANDOM, 6)
    state = TrainState(net, config, seed=6)
    state.restore(tensors, json.loads(json.dumps(counters)))
    rest = [told(event) for event in fit(net, tiny.train, tiny.valid, config, state=state)][1:]
    expected = whole[stop_after + 1 :]
    assert [event for event in rest if event[0] != "evaluating"] == [e for e in expected if e[0] != "evaluating"]
    for ours, theirs in zip(net.state_dict().values(), whole_net.state_dict().values(), strict=True):
        assert torch.equal(ours, theirs)


def test_what_was_saved_before_there_were_schedules_is_taken_up(tiny):
    tensors, counters = TrainState(net_of(tiny), CONFIG).to_tensors()
    counters = counters | {"precision": "fp32", "learning_rate": 0.3}
    del counters["effective_rate"]
    state = TrainState(net_of(tiny), CONFIG)
    state.restore(tensors, counters)
    assert (state.learning_rate, state.effective_rate) == (0.3, 0.3)


def test_with_a_time_limit_the_schedule_goes_by_the_clock(tiny):
    """There may be 200 epochs then, and the clock ends the run long before them."""
    config = settings_of(CONFIG, schedule="cosine", epochs=200, time_budget=8.0)
    state = TrainState(net_of(tiny), config)
    state.apply_learning_rate(7)
    assert state.effective_rate == 0.01
    state.seconds = 6.0
    state.apply_learning_rate(7)
    assert state.effective_rate == pytest.approx(scheduled_rate("cosine", 0.01, 3, 4))
    state.seconds, state.step = 0.0, 700  # a fast machine may do the epochs first
    state.apply_learning_rate(7)
    assert state.effective_rate == pytest.approx(0.005)
