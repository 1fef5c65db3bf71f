"""One seed, one curve: alone, in turns, and after a break."""

import copy
import json

import pytest
import torch
from safetensors.torch import load, save

from lib import fit
from lib.config import OPTIMIZERS
from lib.training import TrainState
from tests.training.plain_words import CONFIG, RANDOM, history, net_of, settings_of, told


def test_equal_seeds_give_equal_events(tiny):
    config = settings_of(CONFIG, augment=True, epochs=3)
    first = history(tiny, config=config, seed=1)
    torch.manual_seed(1234)
    assert history(tiny, config=config, seed=1) == first
    assert history(tiny, config=config, seed=2) != first


def test_two_runs_in_turns_do_not_disturb_each_other(tiny):
    config = settings_of(CONFIG, augment=True, epochs=3)
    alone = [history(tiny, config=config, seed=seed) for seed in (1, 2)]
    runs = [fit(net_of(tiny, RANDOM, seed), tiny.train, tiny.valid, config, seed=seed) for seed in (1, 2)]
    together = [[], []]
    for pair in zip(*runs, strict=True):
        for events, event in zip(together, pair, strict=True):
            events.append(told(event))
    assert together == alone


def test_fit_trains_whatever_mode_the_net_is_in(tiny):
    """Whoever looks at the net between two events may leave it in evaluation mode."""
    config = settings_of(CONFIG, epochs=1)
    net = net_of(tiny, RANDOM, 1)
    events = []
    for event in fit(net.eval(), tiny.train, tiny.valid, config, seed=1):
        events.append(told(event))
        net.eval()
    assert events == history(tiny, config=config, seed=1)


def test_the_process_wide_generator_is_left_alone(tiny):
    before = torch.random.get_rng_state()
    history(tiny, config=settings_of(CONFIG, augment=True, epochs=2))
    assert torch.equal(torch.random.get_rng_state(), before)


def test_closing_is_a_clean_stop(tiny):
    net = net_of(tiny, RANDOM)
    events = fit(net, tiny.train, tiny.valid, CONFIG)
    for _ in range(5):
        last = next(events)
    events.close()
    weights = [p.detach().clone() for p in net.parameters()]
    assert list(events) == []
    assert last.step == 4
    assert all(torch.equal(p, kept) for p, kept in zip(net.parameters(), weights, strict=True))
    assert net(tiny.valid.batch(slice(None))[0]).requires_grad


# In the second epoch, after its last step, in its evaluation, after its end; after the end of the last epoch.
@pytest.mark.parametrize("stop_after", [10, 15, 16, 17, 18, 27])
@pytest.mark.parametrize("precision", ["fp32", "bf16"])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_run_goes_on_from_what_was_saved_bit_for_bit(tiny, optimizer, precision, stop_after):
    config = settings_of(CONFIG, optimizer=optimizer, precision=precision, augment=True, epochs=3)
    whole_net = net_of(tiny, RANDOM, 6)
    whole = [told(event) for event in fit(whole_net, tiny.train, tiny.valid, config, seed=6)]

    net = net_of(tiny, RANDOM, 6)
    state = TrainState(net, config, seed=6)
    events = fit(net, tiny.train, tiny.valid, config, state=state)
    before = [told(next(events)) for _ in range(stop_after + 1)]
    assert before == whole[: stop_after + 1]
    tensors, counters = state.to_tensors()
    tensors, counters = load(save(tensors)), json.loads(json.dumps(counters))

    net = net_of(tiny, RANDOM, 123)  # other weights, to be replaced
    state = TrainState(net, config, seed=6)
    state.restore(tensors, counters)
    after = [told(event) for event in fit(net, tiny.train, tiny.valid, config, state=state)]
    assert (after[0][0], after[0][1]) == ("started", counters["step"])
    rest = [event for event in whole[stop_after + 1 :] if event[0] != "evaluating"]
    assert [event for event in after[1:] if event[0] != "evaluating"] == rest
    for ours, theirs in zip(net.state_dict().values(), whole_net.state_dict().values(), strict=True):
        assert torch.equal(ours, theirs)


def test_what_was_saved_is_a_copy(tiny):
    net = net_of(tiny)
    state = TrainState(net, CONFIG)
    events = fit(net, tiny.train, tiny.valid, CONFIG, state=state)
    for _ in range(4):
        next(events)
    tensors, _ = state.to_tensors()
    kept = {name: value.clone() for name, value in tensors.items()}
    for _ in range(4):
        next(events)
    assert all(torch.equal(tensors[name], kept[name]) for name in kept)
    assert not all(torch.equal(tensors[f"model.{name}"], value) for name, value in net.state_dict().items())


def test_what_another_net_saved_is_refused(tiny):
    tensors, counters = TrainState(net_of(tiny), CONFIG).to_tensors()
    other = TrainState(net_of(tiny, RANDOM), CONFIG)
    with pytest.raises((RuntimeError, KeyError)):
        other.restore(tensors, counters)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("breaks", [{1}, {5}, {3, 8, 9}, {7}])
def test_a_run_goes_on_with_the_very_same_state_bit_for_bit(tiny, optimizer, breaks):
    """Closed and taken up again in one process, also several times and at the end of an epoch; 7 steps an epoch."""
    config = settings_of(CONFIG, optimizer=optimizer, epochs=2, augment=True)
    whole_net, net = net_of(tiny, RANDOM, 6), net_of(tiny, RANDOM, 6)
    whole = [told(event) for event in fit(whole_net, tiny.train, tiny.valid, config, seed=6)]
    state, seen = TrainState(net, config, seed=6), []
    for last in [*sorted(breaks), None]:
        events = fit(net, tiny.train, tiny.valid, config, state=state)
        for event in events:
            seen.append(told(event))
            if event.kind == "step_end" and event.step == last:
                break
        events.close()
    compared = ("step", "epoch", "ended")
    assert [each for each in seen if each[0] in compared] == [each for each in whole if each[0] in compared]
    counted = [values["step"].item() for values in state.optimizer.state.values() if "step" in values]
    assert all(count == 14 for count in counted)
    for ours, theirs in zip(net.state_dict().values(), whole_net.state_dict().values(), strict=True):
        assert torch.equal(ours, theirs)


def test_somebody_else_may_step_the_optimizer_of_a_run(tiny):
    net, config = net_of(tiny), settings_of(CONFIG, optimizer="adam")
    state = TrainState(net, config)
    for event in fit(net, tiny.train, tiny.valid, config, state=state):
        if event.kind == "step_end" and event.step == 3:
            break
    copied = copy.deepcopy(state.optimizer)  # as "Backwards" does to see the next step
    for optimizer in (copied, state.optimizer):
        for group in optimizer.param_groups:
            for value in group["params"]:
                value.grad = torch.ones_like(value)
        optimizer.step()
        assert {values["step"].item() for values in optimizer.state.values()} == {4.0}
