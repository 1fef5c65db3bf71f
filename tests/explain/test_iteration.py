"""One iteration: the step is fit's own, and everything shown of it is autograd's and torch.optim's."""

from copy import deepcopy
from functools import partial
from itertools import islice

import pytest
import torch
from torch.nn import functional

from lib import BatchNorm, Conv2d, Dense, Dropout, Flatten, MaxPool2d, ModelConfig, TrainConfig, build_model, fit
from lib.config import ACTIVATIONS, LOSSES, OPTIMIZERS
from lib.explain.iteration import dense_end, iterate
from lib.explain.pencil_and_paper import autograd_of_picture, by_hand, memory_of, update_by_hand
from lib.training.batches import epoch_batches
from lib.training.losses import loss_of
from lib.training.optimizers import make_optimizer

SHAPE = (1, 6, 6)


def net_of(*layers, seed=3):
    return build_model(ModelConfig(layers=layers), SHAPE, 3, seed=seed)


@pytest.fixture
def batch():
    generator = torch.Generator().manual_seed(8)
    return torch.rand((7, *SHAPE), generator=generator), torch.randint(0, 3, (7,), generator=generator)


def cross_entropy(logits, y):
    return loss_of(logits, y, "cross-entropy")


def dense_layers(net):
    return {name: net.get_submodule(name) for name in dense_end(net)}


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_S34_three_iterations_under_the_microscope_are_three_of_a_real_run(tiny, optimizer):
    config = TrainConfig(optimizer=optimizer, learning_rate=0.01, batch_size=10, precision="fp32")
    layers = (Conv2d(3), MaxPool2d(), Flatten(), Dense(5))
    real, copy = (build_model(ModelConfig(layers=layers), tiny.input_shape, 3, seed=4) for _ in range(2))
    losses = []
    for event in fit(real, tiny.train, tiny.valid, config, seed=6):
        if event.kind == "step_end":
            losses.append(float(event.batch_loss))
            if event.step == 3:
                break
    stepper = make_optimizer(copy.parameters(), config)
    batches = islice(epoch_batches(tiny.train, 10, 6, 1, augment=False), 3)
    seen = [iterate(copy, stepper, x, y, cross_entropy) for x, y in batches]
    assert [step.loss for step in seen] == pytest.approx(losses, rel=1e-5)
    for (name, ours), theirs in zip(copy.named_parameters(), real.parameters(), strict=True):
        torch.testing.assert_close(ours, theirs, rtol=1e-4, atol=1e-6, msg=name)
    assert seen[-1].loss_after == pytest.approx(float(cross_entropy(copy(seen[-1].x), seen[-1].y).detach()), rel=1e-5)


def test_S32_forward_values_and_each_picture_s_loss_are_the_net_s(batch):
    x, y = batch
    net = net_of(Conv2d(4), MaxPool2d(), Flatten(), Dense(6))
    fresh = deepcopy(net)
    step = iterate(net, make_optimizer(net.parameters(), TrainConfig()), x, y, cross_entropy)
    assert step.shapes == {"conv1": (4, 6, 6), "pool1": (4, 3, 3), "flatten1": (36,), "dense1": (6,), "dense2": (3,)}
    with torch.no_grad():
        values = x
        for name, module in fresh.named_children():
            values = module(values)
            assert step.activity[name] == pytest.approx(float(values.abs().mean()), rel=1e-5)
        torch.testing.assert_close(step.logits, values)
        torch.testing.assert_close(step.losses, functional.cross_entropy(values, y, reduction="none"))
    assert step.loss == pytest.approx(float(step.losses.mean()), rel=1e-6)
    assert step.parameters == sum(value.numel() for value in net.parameters())


def test_S33_gradients_are_autograd_s_and_the_weights_moved_by_the_optimizer_s_step(batch):
    x, y = batch
    net = net_of(Conv2d(4), BatchNorm(), Flatten(), Dense(6))
    fresh = deepcopy(net).train()
    step = iterate(
        net, make_optimizer(net.parameters(), TrainConfig(optimizer="sgd", learning_rate=0.1)), x, y, cross_entropy
    )
    cross_entropy(fresh(x), y).backward()
    for name, value in fresh.named_parameters():
        torch.testing.assert_close(step.gradients[name], value.grad)
        torch.testing.assert_close(step.before[name], value.detach())
        torch.testing.assert_close(step.after[name], (value - 0.1 * value.grad).detach())
        torch.testing.assert_close(net.get_parameter(name).detach(), step.after[name])


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_S42_weight_3_17_by_hand_is_autograd_s_line_by_line(batch, activation, loss):
    """Three dense layers at the end; the weight sits in the first, so that errors go back through two more."""
    x, y = batch
    net = net_of(Conv2d(2), Flatten(), Dense(8, activation), Dense(5, activation))
    layers = dense_layers(net)
    assert list(layers) == ["dense1", "dense2", "dense3"]
    loss_by_name = partial(loss_of, loss=loss)
    step = iterate(net, make_optimizer(net.parameters(), TrainConfig()), x, y, loss_by_name)
    for layer, unit, place in (("dense1", 3, 17), ("dense2", 1, 4), ("dense3", 2, 0)):
        hand = by_hand(step, layers, layer, unit, place, loss)
        assert hand.inputs == pytest.approx(step.inputs[layer][:, place].tolist())
        assert hand.outputs == pytest.approx(step.outputs[layer][:, unit].tolist(), abs=1e-5)
        assert hand.losses == pytest.approx(step.losses.tolist(), abs=1e-5)
        assert hand.right == pytest.approx(step.logits.softmax(1)[torch.arange(7), y].tolist(), abs=1e-5)
        assert hand.returned == pytest.approx((7 * step.output_gradients[layer][:, unit]).tolist(), abs=1e-5)
        assert hand.gradient == pytest.approx(float(step.gradients[f"{layer}.weight"][unit, place]), abs=1e-6)
        for picture in (0, 5):
            weight, bias = autograd_of_picture(step, layers, layer, picture, loss_by_name)
            assert hand.errors[picture] == pytest.approx(float(bias[unit]), abs=1e-5)
            product = hand.errors[picture] * hand.inputs[picture]
            assert product == pytest.approx(float(weight[unit, place]), abs=1e-5)
        bias = float(step.gradients[f"{layer}.bias"][unit])
        assert hand.errors.mean() == pytest.approx(bias, abs=1e-6)


@pytest.mark.parametrize("steps", [0, 3])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_S42_the_update_by_hand_is_the_optimizer_s(batch, optimizer, steps):
    x, y = batch
    config = TrainConfig(optimizer=optimizer, learning_rate=0.02, weight_decay=0.05)
    net = net_of(Flatten(), Dense(5))
    stepper = make_optimizer(net.parameters(), config)
    for _ in range(steps):
        iterate(net, stepper, x, y, cross_entropy)
    for name, index in (("dense1.weight", (3, 17)), ("dense2.bias", (1,))):
        copy, its_stepper = deepcopy((net, stepper))
        memory = memory_of(its_stepper, copy.get_parameter(name), index)
        assert bool(memory) == (steps > 0 and optimizer != "sgd")
        step = iterate(copy, its_stepper, x, y, cross_entropy)
        weight, gradient = float(step.before[name][index]), float(step.gradients[name][index])
        update = update_by_hand(config, 0.02, weight, gradient, memory)
        assert weight + update == pytest.approx(float(step.after[name][index]), abs=1e-6)
        assert update == pytest.approx(float(step.after[name][index]) - weight, rel=2e-3, abs=1e-7)


def test_only_dense_layers_with_nothing_between_them_can_be_done_by_hand(batch):
    x, y = batch
    net = net_of(Flatten(), Dense(5), Dropout(0.5), Dense(4))
    assert dense_end(net) == ["dense2", "dense3"]
    step = iterate(net, make_optimizer(net.parameters(), TrainConfig()), x, y, cross_entropy)
    by_hand(step, dense_layers(net), "dense2", 0, 0, "cross-entropy")
    with pytest.raises(KeyError, match="no dense layer at the end"):
        by_hand(step, dense_layers(net), "dense1", 0, 0, "cross-entropy")
