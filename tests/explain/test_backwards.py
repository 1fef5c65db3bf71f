"""Gradients against autograd, updates against a real step of every optimizer."""

import pytest
import torch
from torch.nn import functional

from lib import BatchNorm, Conv2d, Dense, Dropout, Flatten, MaxPool2d, ModelConfig, TrainConfig, build_model
from lib.config import LOSSES, OPTIMIZERS
from lib.explain.backwards import backward, gradient_sizes, updates
from lib.training.losses import loss_of
from lib.training.optimizers import make_optimizer

SHAPE = (1, 8, 8)
LAYERS = (Conv2d(4), BatchNorm(), MaxPool2d(), Conv2d(3), Dropout(0.4), Flatten(), Dense(6))


@pytest.fixture
def net():
    return build_model(ModelConfig(layers=LAYERS), SHAPE, 3, seed=5)


@pytest.fixture(params=[1, 7])
def pictures(request):
    generator = torch.Generator().manual_seed(request.param)
    x = torch.rand((request.param, *SHAPE), generator=generator)
    return x, torch.randint(0, 3, (request.param,), generator=generator)


@pytest.mark.parametrize("loss", LOSSES)
def test_gradients_are_autograd_s(net, pictures, loss):
    x, y = pictures
    found = backward(net.train(), x, lambda logits: loss_of(logits, y, loss))
    assert net.training
    assert all(parameter.grad is None for parameter in net.parameters())
    expected = loss_of(net.eval()(x), y, loss)
    expected.backward()
    assert found.loss == pytest.approx(float(expected.detach()))
    assert list(found.gradients) == [name for name, _ in net.named_parameters()]
    for name, parameter in net.named_parameters():
        torch.testing.assert_close(found.gradients[name], parameter.grad)


def test_a_single_gradient_is_the_slope_of_the_loss(net, pictures):
    """By finite differences, in double precision: independent of autograd."""
    x, y = pictures[0].double(), pictures[1]
    net = net.double().eval()
    found = backward(net, x, lambda logits: functional.cross_entropy(logits, y))
    for name, index in (("conv1.weight", (2, 0, 1, 1)), ("conv2.weight", (1, 3, 0, 2)), ("dense2.bias", (2,))):
        losses = []
        for shift in (1e-6, -1e-6):
            weight = dict(net.named_parameters())[name]
            with torch.no_grad():
                weight[index] += shift
                losses.append(float(functional.cross_entropy(net(x), y)))
                weight[index] -= shift
        slope = (losses[0] - losses[1]) / 2e-6
        assert float(found.gradients[name][index]) == pytest.approx(slope, rel=1e-4, abs=1e-8)


def test_sizes_go_from_the_output_to_the_input(net, pictures):
    x, y = pictures
    gradients = backward(net, x, lambda logits: functional.cross_entropy(logits, y)).gradients
    sizes = gradient_sizes(gradients)
    layers = ["dense2", "dense1", "conv2", "norm1", "conv1"]
    assert [(size.layer, size.kind) for size in sizes] == [(n, k) for n in layers for k in ("weight", "bias")]
    for size in sizes:
        flat = gradients[f"{size.layer}.{size.kind}"].flatten().tolist()
        assert size.count == len(flat)
        assert size.norm == pytest.approx(sum(value**2 for value in flat) ** 0.5, rel=1e-5)
        assert size.mean_absolute == pytest.approx(sum(map(abs, flat)) / len(flat), rel=1e-5)


def test_layers_that_no_signal_leaves_have_a_gradient_of_zero():
    net = build_model(ModelConfig(layers=(Flatten(), Dense(4), Dense(4))), SHAPE, 3)
    net.dense2.bias.data.fill_(-1e6)  # every ReLU behind the first layer is off
    found = backward(net, torch.rand(2, *SHAPE), lambda logits: functional.cross_entropy(logits, torch.tensor([0, 1])))
    assert {size.norm for size in gradient_sizes(found.gradients) if size.layer in ("dense1", "dense2")} == {0.0}


@pytest.mark.parametrize("steps", [0, 3])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_the_update_is_what_a_real_step_does(net, pictures, optimizer, steps):
    """Fresh, and with the memory of three earlier steps."""
    x, y = pictures
    net.eval().to(memory_format=torch.channels_last)
    stepper = make_optimizer(net.parameters(), TrainConfig(optimizer=optimizer, weight_decay=0.01, learning_rate=0.02))

    def real_step():
        stepper.zero_grad()
        functional.cross_entropy(net(x), y).backward()
        stepper.step()
        stepper.zero_grad()

    for _ in range(steps):
        real_step()
    gradients = backward(net, x, lambda logits: functional.cross_entropy(logits, y)).gradients
    before = {name: value.clone() for name, value in net.named_parameters()}
    remembered = str(stepper.state_dict())
    foreseen = updates(net, stepper, gradients)
    assert all(torch.equal(value, before[name]) for name, value in net.named_parameters())
    assert str(stepper.state_dict()) == remembered
    real_step()
    for name, value in net.named_parameters():
        torch.testing.assert_close((before[name] + foreseen[name]).float(), value)
        torch.testing.assert_close(foreseen[name].float(), (value - before[name]).detach(), rtol=1e-4, atol=1e-7)


def test_plain_gradient_descent_is_rate_times_gradient(net, pictures):
    x, y = pictures
    gradients = backward(net, x, lambda logits: functional.cross_entropy(logits, y)).gradients
    stepper = make_optimizer(net.parameters(), TrainConfig(optimizer="sgd", learning_rate=0.5))
    for name, update in updates(net, stepper, gradients).items():
        torch.testing.assert_close(update, -0.5 * gradients[name].double(), rtol=1e-12, atol=1e-15)
