"""What `record_activations` keeps is what each layer answers, and the net is left as it was."""

import pytest
import torch

from lib import (
    BatchNorm,
    Conv2d,
    Dense,
    Dropout,
    Flatten,
    GlobalAvgPool2d,
    MaxPool2d,
    ModelConfig,
    build_model,
    predict,
    record_activations,
)
from lib.explain.activations import hooked

SHAPE = (2, 9, 7)
MODEL = ModelConfig(layers=(Conv2d(4, 4), BatchNorm(), MaxPool2d(), Conv2d(3), Dropout(0.5), Flatten(), Dense(6)))


@pytest.fixture
def net():
    return build_model(MODEL, SHAPE, 5, seed=2)


@pytest.fixture
def x():
    return torch.rand(SHAPE, generator=torch.Generator().manual_seed(0))


def hooks_of(net):
    return sum(len(module._forward_hooks) for module in net.modules())


def test_every_layer_s_answer_is_kept(net, x):
    found = record_activations(net.train(), x)
    assert list(found) == [name for name, _ in net.named_children()]
    net.eval()
    with torch.no_grad():
        value = x[None]
        for name, layer in net.named_children():
            value = layer(value)
            assert torch.equal(found[name], value[0]), name
    torch.testing.assert_close(found["dense2"].softmax(0), predict(net, x[None])[0])


def test_maps_are_chw_and_rows_are_flat(net, x):
    found = record_activations(net, x)
    assert found["conv1"].shape == (4, 9, 7)
    assert found["pool1"].shape == (4, 4, 3)
    assert found["flatten1"].shape == (36,)
    assert found["dense2"].shape == (5,)
    pooled = build_model(ModelConfig(layers=(GlobalAvgPool2d(),)), SHAPE, 5)
    torch.testing.assert_close(record_activations(pooled, x)["pool1"], x.mean((1, 2)))


def test_a_batch_of_one_is_the_same_as_a_picture(net, x):
    one, other = record_activations(net, x), record_activations(net, x[None])
    assert all(torch.equal(one[name], other[name]) for name in one)


def test_only_the_named_layers_in_the_order_named(net, x):
    assert list(record_activations(net, x, ["pool1", "conv1"])) == ["pool1", "conv1"]
    assert record_activations(net, x, []) == {}
    assert hooks_of(net) == 0


def test_what_is_kept_is_a_copy_without_gradients(net, x):
    found = record_activations(net, x)
    assert not any(value.requires_grad for value in found.values())
    kept = found["flatten1"].clone()
    found["conv2"].zero_()
    found["dropout1"].zero_()
    assert torch.equal(found["flatten1"], kept)


@pytest.mark.parametrize("training", [True, False])
def test_the_net_is_left_as_it_was(net, x, training):
    net.train(training)
    before = {name: value.clone() for name, value in net.state_dict().items()}
    record_activations(net, x)
    assert [module.training for module in net.modules()] == [training] * len(list(net.modules()))
    assert all(torch.equal(value, before[name]) for name, value in net.state_dict().items())
    assert hooks_of(net) == 0
    assert torch.is_grad_enabled()


def test_hooks_come_off_and_the_mode_returns_when_the_forward_pass_fails(net):
    net.train()
    with pytest.raises(RuntimeError):
        record_activations(net, torch.zeros(5, 9, 7))
    assert hooks_of(net) == 0
    assert net.training
    assert torch.is_grad_enabled()


def test_an_unknown_layer_is_a_key_error_that_names_those_there_are(net, x):
    with pytest.raises(KeyError, match=r"conv9.*conv1, norm1, pool1"):
        record_activations(net.train(), x, ["conv1", "conv9"])
    assert hooks_of(net) == 0
    assert net.training


def test_one_picture_at_a_time(net):
    with pytest.raises(ValueError, match="not 2"):
        record_activations(net, torch.zeros(2, *SHAPE))


def test_hooked_calls_and_takes_off(net, x):
    seen = []
    with hooked(net, ["conv1", "conv2"], lambda name, output: seen.append((name, tuple(output.shape)))):
        net.eval()(x[None])
    net(x[None])
    assert seen == [("conv1", (1, 4, 9, 7)), ("conv2", (1, 3, 4, 3))]
    with pytest.raises(ZeroDivisionError), hooked(net, ["conv1"], print):
        raise ZeroDivisionError
    assert hooks_of(net) == 0
