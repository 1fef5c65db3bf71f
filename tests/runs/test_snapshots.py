"""The moments of a run's past: which are kept, that they fit the budget, and that they outlive the process."""

import math
import shutil
from itertools import pairwise

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from safetensors import safe_open

from lib import Dense, Flatten, ModelConfig, build_model, predict
from lib.nets.recording import recorded_runs
from lib.runs import snapshots
from lib.runs.snapshots import MOST, Snapshots, is_due, is_shortened, thinned
from tests.runs.test_crash import SAVE_AT_BLOCK_AT, killed  # noqa: F401  (a fixture)
from tests.runs.whole_runs import changed, finished, trained_by_hand

_steps = st.sets(st.integers(0, 200_000), min_size=2, max_size=120).map(sorted)
_most = st.integers(2, 40)


def largest_gap(steps):
    return max((after + 1) / (before + 1) for before, after in pairwise(steps))


def test_steps_are_due_at_the_start_and_at_powers_of_two():
    assert [step for step in range(70) if is_due(step)] == [0, 1, 2, 4, 8, 16, 32, 64]


@given(_steps, _most)
def test_thinning_is_bounded_and_keeps_both_ends(steps, most):
    kept = thinned(steps, most)
    assert len(kept) == min(len(steps), most)
    assert kept == sorted(set(kept) & set(steps))
    assert (kept[0], kept[-1]) == (steps[0], steps[-1])
    assert thinned(kept, most) == kept


@given(_steps, _most)
def test_what_is_left_is_evenly_spread_on_a_log_scale(steps, most):
    kept = thinned(steps, most)
    whole = (steps[-1] + 1) / (steps[0] + 1)
    assert largest_gap(kept) <= max(largest_gap(steps), whole ** (2 / max(1, most - 1))) * (1 + 1e-9)


@given(_steps, st.integers(3, 40))
def test_the_same_holds_while_steps_come_one_by_one(steps, most):
    kept = []
    for step in steps:
        kept = thinned([*kept, step], most)
        assert len(kept) <= most
    assert (kept[0], kept[-1]) == (steps[0], steps[-1])
    whole = (steps[-1] + 1) / (steps[0] + 1)
    assert largest_gap(kept) <= max(largest_gap(steps), whole ** (2 / (most - 1))) * (1 + 1e-9)


@given(st.integers(1, 2_000), st.integers(1, 200))
def test_a_long_run_keeps_the_powers_of_two_that_it_had(epoch_steps, epochs):
    """With the real bound: no gap is larger than the powers of two leave, however many epochs there are."""
    last = epoch_steps * epochs
    steps = sorted({0, *(2**power for power in range(last.bit_length())), *range(epoch_steps, last + 1, epoch_steps)})
    kept = []
    for step in steps:
        kept = thinned([*kept, step], MOST)
    assert kept[0] == 0
    assert kept[-1] == last
    assert largest_gap(kept) <= 2.0


def net(seed=0, units=8):
    return build_model(ModelConfig(layers=(Flatten(), Dense(units))), (1, 6, 6), 3, seed)


def same(left, right):
    return left.keys() == right.keys() and all(torch.equal(left[name], right[name]) for name in left)


def test_weights_are_read_back_exactly(tmp_path):
    kept = Snapshots(tmp_path / "there" / "snapshots")
    assert kept.steps() == []
    assert kept.load(0) is None
    for step in (0, 16, 2):
        kept.keep(step, net(step))
    assert kept.steps() == [0, 2, 16]
    assert same(kept.load(16), net(16).state_dict())
    assert kept.bytes() == sum(path.stat().st_size for path in tmp_path.rglob("*.safetensors")) > 0
    kept.keep(16, net(5))
    assert same(kept.load(16), net(5).state_dict())
    kept.forget_after(2)
    assert kept.steps() == [0, 2]


def test_a_large_net_is_rounded_to_16_bits_and_answers_the_same(tmp_path, monkeypatch):
    model = net(units=60)
    size = sum(value.numel() for value in model.state_dict().values())
    monkeypatch.setattr(snapshots, "BUDGET_BYTES", 20 * 4 * size)
    assert is_shortened(size)
    kept = Snapshots(tmp_path)
    kept.keep(0, model)
    with safe_open(tmp_path / "0.safetensors", framework="pt") as file:
        assert {file.get_tensor(name).dtype for name in file.keys()} == {torch.float16}  # noqa: SIM118
    again = net(1, units=60)
    again.load_state_dict(kept.load(0))
    x = torch.rand(50, 1, 6, 6, generator=torch.Generator().manual_seed(0))
    assert (predict(again, x) - predict(model, x)).abs().max() < 1e-3
    assert all(value.dtype == torch.float32 for value in kept.load(0).values())


@pytest.mark.parametrize("large", [1e6, math.inf, math.nan])
def test_a_number_too_large_for_16_bits_is_kept_as_it_is(tmp_path, monkeypatch, large):
    monkeypatch.setattr(snapshots, "BUDGET_BYTES", 20_000)
    model = net()
    model.dense1.weight.data[0, 0] = large
    kept = Snapshots(tmp_path)
    kept.keep(4, model)
    assert kept.load(4)["dense1.weight"].equal(model.dense1.weight.data) or math.isnan(large)


def test_the_budget_holds_at_every_moment(tmp_path, monkeypatch):
    monkeypatch.setattr(snapshots, "BUDGET_BYTES", 12_000)
    kept = Snapshots(tmp_path)
    for step in sorted({0, *(2**power for power in range(12)), *range(30, 2_000, 30)}):
        kept.keep(step, net(step))
        assert kept.bytes() <= 12_000
        assert kept.steps()[-1] == step
    assert kept.steps()[0] == 0
    assert 5 < len(kept.steps()) < MOST
    assert same(kept.load(step), {name: value.half().float() for name, value in net(step).state_dict().items()})


def test_nothing_is_kept_of_a_net_of_which_no_two_fit(tmp_path, monkeypatch):
    monkeypatch.setattr(snapshots, "BUDGET_BYTES", 1_000)
    kept = Snapshots(tmp_path)
    kept.keep(0, net())
    assert kept.steps() == []


def test_half_written_and_damaged_files_are_no_moments(tmp_path):
    kept = Snapshots(tmp_path)
    kept.keep(1, net())
    (tmp_path / "next.part").write_bytes(b"half")
    (tmp_path / "8.safetensors").write_bytes(b"nothing")
    assert kept.steps() == [1, 8]
    assert kept.load(8) is None
    kept.keep(2, net())
    assert kept.steps() == [1, 2, 8]


def test_a_disk_that_refuses_costs_only_the_moment(tmp_path, caplog):
    (tmp_path / "snapshots").write_text("a file where the folder should be")
    Snapshots(tmp_path / "snapshots").keep(0, net())
    assert "no snapshot of step 0" in caplog.text


def test_a_run_keeps_its_moments_as_it_was_then(registry, small):
    """3 steps an epoch: 0, 1, 2, 4 and the ends 3, 6, each exactly as in a plain loop."""
    run = finished(registry, small)
    assert run.snapshots() == [0, 1, 2, 3, 4, 6]
    start = build_model(small.model, run.dataset.input_shape, len(run.dataset.classes), small.seed)
    assert same(run.model_at(0).state_dict(), start.state_dict())
    assert same(run.model_at(3).state_dict(), trained_by_hand(changed(small, epochs=1))[2].state_dict())
    assert same(run.model_at(6).state_dict(), run.weights()[1])
    assert not run.model_at(3).training
    assert run.model_at(5) is None
    assert run.snapshot_bytes() > 0


def test_moments_survive_a_restart_and_go_with_the_run(open_registry, small, tmp_path):
    first = open_registry()
    run = finished(first, small)
    expected = run.model_at(4).state_dict()
    first.close()
    second = open_registry()
    again = second.find(run.id)
    assert again.snapshots() == [0, 1, 2, 3, 4, 6]
    assert same(again.model_at(4).state_dict(), expected)
    assert list(tmp_path.rglob("snapshots"))
    second.delete(again, again.owner)
    assert not list(tmp_path.rglob("snapshots"))
    assert again.snapshots() == []


def test_moments_survive_kill_9(killed, open_registry, random_net, tmp_path):  # noqa: F811
    """The run was killed after 11 steps, its checkpoint is of step 9, an epoch has 6: it goes on from there."""
    folder, _ = killed(random_net.model_copy(update={"train": random_net.train.model_copy(update={"batch_size": 10})}))
    shutil.copytree(folder, tmp_path / "home")
    run = open_registry().find("within an epoch")
    assert SAVE_AT_BLOCK_AT[run.id] == (9, 11)
    before = run.snapshots()
    assert before == [0, 1, 2, 4, 6, 8]
    early = run.model_at(4).state_dict()
    run.resume(run.owner)
    assert run.wait(120)
    assert run.snapshots() == [0, 1, 2, 4, 6, 8, 12, 16, 18]
    assert same(run.model_at(4).state_dict(), early)


def test_moments_beyond_the_checkpoint_are_passed_again(open_registry, small):
    """They may come out otherwise, after another learning rate: what was ahead is forgotten, not mixed in."""
    first = open_registry()
    run = first.start(small, "me", stepping=True)
    assert run.wait(120, "paused")
    ahead = first._store.snapshots(run.id)
    ahead.keep(2, run.model()[1])
    ahead.keep(64, run.model()[1])
    assert run.snapshots() == [0, 1]  # nothing ahead of now
    first.close()
    run = open_registry().find(run.id)
    run.resume(run.owner)
    assert run.wait(120)
    assert run.snapshots() == [0, 1, 2, 3, 4, 6]


def test_a_recorded_run_has_no_moments():
    assert [run.snapshots() for run in recorded_runs().values()] == [[]] * len(recorded_runs())


def test_a_run_of_many_epochs_takes_little_more_than_one_of_few(tmp_path):
    """A net of 20,000 weights: what its moments take is bounded by its own size, 24 times that, not by a budget."""
    kept = Snapshots(tmp_path)
    model = build_model(ModelConfig(layers=(Flatten(), Dense(425))), (1, 6, 6), 10, 0)
    weights = sum(value.numel() for value in model.state_dict().values())
    assert 18_000 < weights < 21_000
    for step in sorted({0, *(2**power for power in range(12)), *range(47, 50 * 47 + 1, 47)}):
        kept.keep(step, model)
    assert len(kept.steps()) == MOST
    assert kept.bytes() < 2_000_000
