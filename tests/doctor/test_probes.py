"""From real runs and nets to what the doctor reads: curves, layers, counts."""

import math
from dataclasses import replace

import pytest
import torch
from torch import nn

from lib.config import Conv2d, Dense, Flatten, MaxPool2d, ModelConfig
from lib.datasets import DatasetUnavailable
from lib.doctor import examine, look, measure
from lib.models import build_model
from lib.nets.ready import ready_net
from lib.nets.recording import recorded_runs
from lib.runs import Run, get_registry
from tests.doctor.trained import LINEAR, config, looked_into
from tests.in_english import said_in_english


@pytest.fixture(autouse=True)
def _digits(quick_digits: None) -> None:
    """Real digits, read once."""


def ran(run_config) -> Run:
    run = get_registry().start(run_config, "me")
    assert run.wait(120, "finished", "failed")
    return run


def net_of(*layers, data):
    return build_model(ModelConfig(layers=layers), data.input_shape, len(data.classes), seed=1)


def test_a_real_run_is_read_as_it_was_published() -> None:
    run = ran(config(epochs=3))
    m = measure(run, True)
    assert m.curve is not None
    assert [point[0] for point in run.log.points] == [at for at, _ in m.curve.points] or len(m.curve.points) == 3
    assert [epoch.number for epoch in m.epochs] == [0, 1, 2, 3]
    assert m.whole[-1].valid_accuracy == run.log.epochs[-1]["valid_accuracy"]
    assert m.steps == run.status()["step"]
    assert m.guess == pytest.approx(math.log(10))
    assert sum(m.counts or ()) == len(run.dataset.train)
    assert m.valid_pictures == len(run.dataset.valid)
    assert m.ended
    assert not m.curve.diverged


def test_a_run_that_broke_is_known_by_its_curve_or_by_its_weights() -> None:
    run = ran(config(LINEAR, optimizer="sgd", learning_rate=10.0, epochs=3))
    assert run.state == "failed"
    for finite in (False, None):  # None: as of a recording
        m = measure(run, finite)
        assert m.curve is not None
        assert m.curve.diverged
        broken = next(check for rule, check in examine(m) if rule.name == "fast")
        assert broken.finding
        assert broken.finding.evidence.lines[0].points[0][1] is not None  # the loss before the first step


def test_a_run_that_has_not_begun_has_no_curve() -> None:
    run = get_registry().start(config(), "me", stepping=True)
    assert run.wait(120, "paused")
    m = measure(run, True)
    assert not m.ended
    assert not [rule.name for rule, check in examine(m) if check.finding]
    run.stop(run.owner)
    assert run.wait(120)


def test_a_ready_net_has_no_curve_and_says_so() -> None:
    net = ready_net()
    _, model = net.model()
    m = measure(net, True, looked_into(model, net.dataset))
    assert m.curve is None
    checks = examine(m)
    assert not [rule.name for rule, check in checks if check.finding]
    assert any(check.unknown and check.unknown.code == "doctor.no_curve" for _, check in checks)


@pytest.mark.parametrize("name", list(recorded_runs()))
def test_recordings_are_judged_without_weights_and_without_pictures(name: str, monkeypatch) -> None:
    run = recorded_runs()[name]

    def gone(**_options: object) -> None:
        raise DatasetUnavailable("it is not here")

    monkeypatch.setattr("lib.runs.holding.load_dataset", gone)
    monkeypatch.setattr(run, "_dataset", None)
    m = measure(run)
    assert m.counts is None
    names = {rule.name for rule, check in examine(m) if check.finding}
    assert ("unscaled" in names) == (not run.config.data.scale_pixels)
    assert not names & {"fast", "slow", "vanishing", "decay", "underfit"}


def test_layers_are_counted_as_they_answer(tiny) -> None:
    net = net_of(
        Conv2d(4), MaxPool2d(), Conv2d(3, activation="sigmoid"), Flatten(), Dense(6), Dense(5, "tanh"), data=tiny
    )
    with torch.no_grad():
        net.conv1.weight[1] = 0.0  # a filter that is silent ...
        net.conv1.bias[:] = torch.tensor([9.0, -1.0, 9.0, 9.0])
        net.dense1.weight[:4] = 0.0  # ... and four units of six
        net.dense1.bias[:4] = -0.5
        net.dense2.weight[:] = 0.0
        net.dense2.bias[:] = torch.tensor([0.0, 5.0, -5.0, 0.1, 9.0])  # three of five are flat
    found = looked_into(net, tiny, 20)
    states = {layer.name: layer for layer in found.layers}
    assert list(states) == ["conv1", "conv2", "dense1", "dense2"]
    assert states["conv1"].silent == 0.25
    assert states["dense1"].silent >= 4 / 6
    assert states["dense2"].flat == pytest.approx(3 / 5)
    assert states["conv2"].silent == 0.0  # a sigmoid is never silent
    x, _ = tiny.valid.batch(slice(None))
    before = net[:2](x)
    answers = torch.sigmoid(net.conv2.before_activation(before))
    slope = torch.autograd.functional.jvp(torch.sigmoid, torch.logit(answers), torch.ones_like(answers))[1]
    assert states["conv2"].flat == pytest.approx(float((slope < 0.1 * 0.25).double().mean()))


@pytest.mark.parametrize("chunked", [7, 100])
def test_looking_agrees_with_the_net_and_leaves_it_alone(tiny, chunked, monkeypatch) -> None:
    monkeypatch.setattr("lib.doctor.layer_states._CHUNK", chunked)
    net = net_of(Flatten(), Dense(5), data=tiny)
    net.train()
    found = looked_into(net, tiny, 20)
    assert net.training
    assert not any(module._forward_hooks for module in net.modules())
    x, labels = tiny.valid.batch(slice(None))
    right = net(x).argmax(1) == labels
    expected = [float(right[labels == label].double().mean()) for label in range(3)]
    assert found.recalls == pytest.approx(expected)
    assert found.highest == pytest.approx(float(x.max()))
    assert sum(found.inputs) == x.numel()
    assert found.layers[0].silent == float((net[:2](x).amax(0) <= 0).double().mean())


def test_looking_can_be_stopped(tiny) -> None:
    net = net_of(Flatten(), Dense(5), data=tiny)
    work = look(net, tiny.valid, 3, 20)
    assert next(work) == 1.0
    work.close()
    assert not any(module._forward_hooks for module in net.modules())


def test_a_net_without_a_bend_has_nothing_to_watch(tiny) -> None:
    net = net_of(Flatten(), Dense(5, "linear"), data=tiny)
    found = looked_into(net, tiny)
    assert found.layers == ()
    m = replace(measure(ready_net(), True, found))
    said = {rule.name: said_in_english(check.measured) for rule, check in examine(m)}
    assert said["vanishing"] == "0 sigmoid or tanh layers"
    assert isinstance(net, nn.Sequential)
