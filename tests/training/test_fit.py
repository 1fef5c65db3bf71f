"""`fit` against a loop as textbooks write it, and the events it tells."""

import sys
from itertools import pairwise

import pytest
import torch
from torch.nn import functional

from lib import Dense, Flatten, ModelConfig, fit
from lib.config import LOSSES
from lib.models.build import RunDropout
from lib.training import TrainState
from lib.training.batches import epoch_batches, generator_for
from tests.training.plain_words import CONFIG, PLAIN, RANDOM, history, net_of, settings_of, steps_of, told

DENSE = ModelConfig(layers=(Flatten(), Dense(9, "sigmoid"), Dense(7, "relu"), Dense(5, "tanh")))
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
@pytest.mark.parametrize("optimizer", TEXTBOOK)
@pytest.mark.parametrize("net", ["dense", "convolutional", "random"])
def test_fit_equals_a_textbook_loop(tiny, net, optimizer, loss):
    """50 steps. The dense net runs in closed form, the random one has dropout, batch norm and augmentation."""
    model = {"dense": DENSE, "convolutional": PLAIN, "random": RANDOM}[net]
    augment = net == "random"
    config = settings_of(CONFIG, optimizer=optimizer, loss=loss, weight_decay=0.01, augment=augment)
    config = settings_of(config, batch_size=10, epochs=10)
    ours = net_of(tiny, model)
    losses = [step.loss for step in steps_of(fit(ours, tiny.train, tiny.valid, config, seed=4))]

    theirs, expected = net_of(tiny, model).to(memory_format=torch.channels_last), []
    drops = generator_for(4)  # one for all layers
    for module in theirs.modules():
        if isinstance(module, RunDropout):
            module.generator = drops
    textbook = TEXTBOOK[optimizer](theirs.parameters())
    for epoch in range(1, 11):
        for x, y in epoch_batches(tiny.train, 10, 4, epoch, augment=augment):
            batch_loss = textbook_loss(theirs(x), y, loss)
            textbook.zero_grad()
            batch_loss.backward()
            textbook.step()
            expected.append(batch_loss.item())
    assert len(losses) == 50
    assert losses == pytest.approx(expected, abs=1e-6)
    for mine, its in zip(ours.state_dict().values(), theirs.state_dict().values(), strict=True):
        torch.testing.assert_close(mine, its, atol=1e-5, rtol=1e-4)


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
    assert restored.effective_rate == 0.3
    kinds = [event.kind for event in fit(restored.model, tiny.train, tiny.valid, CONFIG, state=restored)]
    assert "learning_rate_changed" not in kinds


def test_parts_are_told_to_those_who_ask_and_change_no_number(tiny, monkeypatch):
    """A step of a large net in two parts draws and computes what it does in one."""
    whole = history(tiny)
    monkeypatch.setattr(sys.modules["lib.training.loop"], "is_large", lambda _multiply_adds: True)
    assert history(tiny) == whole
    events = list(fit(net_of(tiny, RANDOM), tiny.train, tiny.valid, CONFIG, in_parts=True))
    parts = [event for event in events if event.kind == "working"]
    assert [told(event) for event in events if event.kind != "working"] == whole
    assert [event.amid_step for event in parts] == [False] * 2 + [True] * len(steps_of(events))
    amid = [after.kind for before, after in pairwise(events) if before.kind == "working" and before.amid_step]
    assert set(amid) == {"step_end"}
