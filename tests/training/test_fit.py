"""`fit` against a loop as textbooks write it, and its promises: one seed one curve, stops, continues, says why."""

import json
import math
from importlib import import_module

import pytest
import torch
from safetensors.torch import load, save
from torch import nn
from torch.nn import functional

from lib import BatchNorm, Conv2d, Dense, Dropout, Flatten, MaxPool2d, ModelConfig, TrainConfig, build_model, fit
from lib.config import LOSSES, OPTIMIZERS
from lib.data.splits import Split
from lib.training import TrainState
from lib.training.batches import epoch_batches

PLAIN = ModelConfig(layers=(Conv2d(3), MaxPool2d(), Flatten(), Dense(8, "tanh")))
RANDOM = ModelConfig(
    layers=(Conv2d(3), BatchNorm(), Conv2d(4), Dropout(0.2), MaxPool2d(), Flatten(), Dense(8), Dropout(0.5))
)
CONFIG = TrainConfig(learning_rate=0.01, batch_size=8, epochs=5, precision="fp32")


def net_of(data, model=PLAIN, seed=0):
    return build_model(model, data.input_shape, len(data.classes), seed)


def settings_of(config, **changes):
    return config.model_copy(update=changes)


def told(event):
    """An event as plain values, without the time it took."""
    match event.kind:
        case "run_started":
            return "started", event.step, event.valid_loss, event.valid_accuracy
        case "step_end":
            return "step", event.step, event.epoch, event.loss, event.accuracy
        case "learning_rate_changed":
            return "rate", event.step, event.learning_rate
        case "evaluating":
            return "evaluating", event.done, event.total
        case "epoch_end":
            values = (event.train_loss, event.train_accuracy, event.valid_loss, event.valid_accuracy)
            return "epoch", event.epoch, *values, event.learning_rate
        case "run_ended":
            return "ended", event.reason, event.step, event.message


def history(data, model=RANDOM, config=CONFIG, seed=0):
    return [told(event) for event in fit(net_of(data, model, seed), data.train, data.valid, config, seed=seed)]


def steps_of(events):
    return [event for event in events if event.kind == "step_end"]


# ---- the textbook ----

TEXTBOOK = {
    "sgd": lambda p: torch.optim.SGD(p, lr=0.01, weight_decay=0.01, foreach=False),
    "momentum": lambda p: torch.optim.SGD(p, lr=0.01, momentum=0.9, weight_decay=0.01, foreach=False),
    "adam": lambda p: torch.optim.Adam(p, lr=0.01, weight_decay=0.01, foreach=False),
    "adamw": lambda p: torch.optim.AdamW(p, lr=0.01, weight_decay=0.01, foreach=False),
    "rmsprop": lambda p: torch.optim.RMSprop(p, lr=0.01, weight_decay=0.01, foreach=False),
}


def textbook_loss(logits, labels, loss):
    if loss == "cross-entropy":
        return -logits.log_softmax(1)[torch.arange(len(labels)), labels].mean()
    return ((logits.softmax(1) - torch.eye(logits.shape[1])[labels]) ** 2).sum(1).mean()


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_fit_equals_a_textbook_loop(tiny, optimizer, loss):
    config = settings_of(CONFIG, optimizer=optimizer, loss=loss, weight_decay=0.01)
    net, textbook_net = net_of(tiny), net_of(tiny)
    losses = [step.loss for step in steps_of(fit(net, tiny.train, tiny.valid, config, seed=4))]

    expected = []
    textbook = TEXTBOOK[optimizer](textbook_net.parameters())
    for epoch in range(1, 6):
        for x, y in epoch_batches(tiny.train, 8, 4, epoch, augment=False):
            batch_loss = textbook_loss(textbook_net(x), y, loss)
            textbook.zero_grad()
            batch_loss.backward()
            textbook.step()
            expected.append(batch_loss.item())
    assert len(losses) == 35
    assert losses == pytest.approx(expected, abs=1e-6)
    for ours, theirs in zip(net.parameters(), textbook_net.parameters(), strict=True):
        torch.testing.assert_close(ours, theirs, atol=1e-5, rtol=1e-4)


def test_plain_gradient_descent_by_hand(tiny):
    """One update of the class layer of a softmax regression: weight - rate · mean((p - onehot) xᵀ)."""
    net = net_of(tiny, ModelConfig(layers=(Flatten(),)))
    layer = net.dense1
    weight, bias = layer.weight.detach().clone(), layer.bias.detach().clone()
    config = settings_of(CONFIG, optimizer="sgd", learning_rate=0.5, batch_size=50)
    events = fit(net, tiny.train, tiny.valid, config)
    while next(events).kind != "step_end":
        pass
    x = tiny.train.images.double().flatten(1) / 255
    p = (x @ weight.double().T + bias.double()).softmax(1)
    delta = p - torch.eye(3, dtype=torch.float64)[tiny.train.labels]
    torch.testing.assert_close(layer.weight.double(), weight - 0.5 * delta.T @ x / 50, atol=1e-6, rtol=1e-5)
    torch.testing.assert_close(layer.bias.double(), bias - 0.5 * delta.mean(0), atol=1e-6, rtol=1e-5)


def test_it_learns(tiny):
    epochs = [event for event in history(tiny, PLAIN, settings_of(CONFIG, epochs=15)) if event[0] == "epoch"]
    assert epochs[-1][5] > 0.9  # validation accuracy; guessing is 0.33
    assert epochs[-1][4] < epochs[0][4]


# ---- events ----


def test_the_order_of_events(tiny):
    kinds = [event.kind for event in fit(net_of(tiny), tiny.train, tiny.valid, settings_of(CONFIG, epochs=2))]
    epoch = ["step_end"] * 7 + ["evaluating", "epoch_end"]
    assert kinds == ["run_started", *epoch, *epoch, "run_ended"]


def test_events_say_what_happened(tiny):
    net = net_of(tiny)
    untrained = functional.cross_entropy(net(tiny.valid.batch(slice(None))[0]), tiny.valid.labels).item()
    events = list(fit(net, tiny.train, tiny.valid, settings_of(CONFIG, epochs=2)))
    started, ended = events[0], events[-1]
    assert (started.epochs, started.steps_per_epoch, started.step) == (2, 7, 0)
    assert started.valid_loss == pytest.approx(untrained, abs=1e-6)
    assert (ended.reason, ended.step, ended.message) == ("finished", 14, None)
    steps = steps_of(events)
    assert [step.step for step in steps] == list(range(1, 15))
    assert [step.epoch for step in steps] == [1] * 7 + [2] * 7
    assert [len(step.labels) for step in steps[:7]] == [8] * 6 + [2]
    first, second = (event for event in events if event.kind == "epoch_end")
    assert (first.epoch, second.epoch) == (1, 2)
    assert first.train_loss == pytest.approx(sum(s.loss * len(s.labels) for s in steps[:7]) / 50)
    assert first.train_accuracy == pytest.approx(sum(s.accuracy * len(s.labels) for s in steps[:7]) / 50)
    assert 0 < first.seconds < 60
    assert ended.seconds == pytest.approx(first.seconds + second.seconds)


def test_no_event_is_given_out_of_a_context_that_belongs_to_the_thread(tiny):
    for event in fit(net_of(tiny), tiny.train, tiny.valid, settings_of(CONFIG, epochs=1)):
        assert torch.is_grad_enabled(), event
        assert not torch.is_inference_mode_enabled()
        assert not torch.is_autocast_enabled("cpu")


# ---- one seed, one curve ----


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


def test_the_process_wide_generator_is_left_alone(tiny):
    before = torch.random.get_rng_state()
    history(tiny, config=settings_of(CONFIG, augment=True, epochs=2))
    assert torch.equal(torch.random.get_rng_state(), before)


# ---- stopping and going on ----


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


# ---- the learning rate ----


def test_a_changed_learning_rate_is_an_event_and_is_used(tiny):
    config = settings_of(CONFIG, optimizer="sgd", epochs=2)
    net, textbook_net = net_of(tiny), net_of(tiny)
    state = TrainState(net, config)
    events = []
    for event in fit(net, tiny.train, tiny.valid, config, state=state):
        events.append(event)
        if event.kind == "step_end" and event.step == 5:
            state.learning_rate = 0.3
    told_of = [event for event in events if event.kind == "learning_rate_changed"]
    assert [(event.step, event.learning_rate) for event in told_of] == [(5, 0.3)]
    assert [event.learning_rate for event in events if event.kind == "epoch_end"] == [0.3, 0.3]

    batches = [batch for epoch in (1, 2) for batch in epoch_batches(tiny.train, 8, 0, epoch, augment=False)]
    for number, (x, y) in enumerate(batches, 1):
        loss = functional.cross_entropy(textbook_net(x), y)
        gradients = torch.autograd.grad(loss, list(textbook_net.parameters()))
        with torch.no_grad():
            for parameter, gradient in zip(textbook_net.parameters(), gradients, strict=True):
                parameter -= (0.01 if number <= 5 else 0.3) * gradient
    for ours, theirs in zip(net.parameters(), textbook_net.parameters(), strict=True):
        torch.testing.assert_close(ours, theirs, atol=1e-5, rtol=1e-4)


def test_a_changed_learning_rate_is_kept_with_the_run(tiny):
    net = net_of(tiny)
    state = TrainState(net, CONFIG)
    events = fit(net, tiny.train, tiny.valid, CONFIG, state=state)
    next(events)
    state.learning_rate = 0.3
    while next(events).kind != "step_end":
        pass
    restored = TrainState(net_of(tiny), CONFIG)
    restored.restore(*state.to_tensors())
    assert restored.learning_rate == 0.3
    assert [group["lr"] for group in restored.optimizer.param_groups] == [0.3]
    kinds = [event.kind for event in fit(restored.model, tiny.train, tiny.valid, CONFIG, state=restored)]
    assert "learning_rate_changed" not in kinds


# ---- the time budget ----


class Clock:
    """Half a second goes by each time it is read."""

    def __init__(self, monkeypatch):
        self.now = 0.0
        monkeypatch.setattr(import_module("lib.training.fit"), "perf_counter", self)

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


def test_pauses_between_events_cost_no_budget(tiny, monkeypatch):
    clock = Clock(monkeypatch)
    config = settings_of(CONFIG, time_budget=100.0, epochs=2)
    events = []
    for event in fit(net_of(tiny), tiny.train, tiny.valid, config):
        clock.now += 1_000.0  # the driver rests
        events.append(event)
    assert events[-1].reason == "finished"
    assert events[-1].seconds == pytest.approx(2 * (7 * 0.5 + 2 * 0.5))


# ---- failure, one click away ----


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
