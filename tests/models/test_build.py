"""Nets from configurations: first weights, seeds, dropout."""

import math

import pytest
import torch
from torch import nn

from lib import BatchNorm, Conv2d, Dense, Dropout, Flatten, MaxPool2d, ModelConfig, build_model

GREY = (1, 28, 28)
MODEL = ModelConfig(layers=(Conv2d(4), BatchNorm(), MaxPool2d(), Dropout(0.5), Flatten(), Dense(6, "tanh")))


def weights(net):
    return {name: value.clone() for name, value in net.state_dict().items()}


def same(one, other):
    return one.keys() == other.keys() and all(torch.equal(one[name], other[name]) for name in one)


def test_equal_seeds_give_equal_weights():
    assert same(weights(build_model(MODEL, GREY, 10, seed=3)), weights(build_model(MODEL, GREY, 10, seed=3)))
    assert not same(weights(build_model(MODEL, GREY, 10, seed=3)), weights(build_model(MODEL, GREY, 10, seed=4)))


def test_the_process_wide_generator_is_left_alone():
    before = torch.random.get_rng_state()
    build_model(MODEL, GREY, 10, seed=3)
    assert torch.equal(torch.random.get_rng_state(), before)
    first = weights(build_model(MODEL, GREY, 10, seed=3))
    torch.manual_seed(99)
    assert same(first, weights(build_model(MODEL, GREY, 10, seed=3)))


def test_first_weights_follow_he_and_glorot():
    relu = build_model(ModelConfig(layers=(Flatten(), Dense(1024))), GREY, 10).requires_grad_(False).dense1
    assert float(relu.weight.std()) == pytest.approx(math.sqrt(2 / 784), rel=0.01)
    tanh = build_model(ModelConfig(layers=(Flatten(), Dense(1024, "tanh"))), GREY, 10).requires_grad_(False).dense1
    bound = math.sqrt(6 / (784 + 1024))
    assert float(tanh.weight.abs().max()) == pytest.approx(bound, rel=0.01)
    assert float(tanh.weight.std()) == pytest.approx(bound / math.sqrt(3), rel=0.01)
    conv = build_model(ModelConfig(layers=(Conv2d(512, 7), Flatten())), (3, 8, 8), 10).requires_grad_(False).conv1
    assert float(conv.weight.std()) == pytest.approx(math.sqrt(2 / (3 * 49)), rel=0.02)
    for layer in (relu, tanh, conv):
        assert float(layer.bias.abs().max()) == 0.0


def test_batch_norm_starts_neutral():
    norm = build_model(MODEL, GREY, 10).norm1
    assert norm.weight.tolist() == norm.running_var.tolist() == [1.0] * 4
    assert norm.bias.tolist() == norm.running_mean.tolist() == [0.0] * 4
    assert int(norm.num_batches_tracked) == 0


def test_every_weight_is_trainable_and_on_a_real_device():
    net = build_model(MODEL, GREY, 10)
    assert all(p.requires_grad and p.device.type == "cpu" and p.dtype == torch.float32 for p in net.parameters())
    assert build_model(MODEL, GREY, 10, device="meta").conv1.weight.is_meta


@pytest.mark.parametrize(
    ("activation", "oracle"),
    [("relu", nn.ReLU()), ("sigmoid", nn.Sigmoid()), ("tanh", nn.Tanh()), ("linear", nn.Identity())],
)
def test_activations_come_after_the_weighted_sums(activation, oracle):
    net = build_model(
        ModelConfig(layers=(Conv2d(3, 3, 1, "same", activation), Flatten(), Dense(4, activation))), GREY, 10
    )
    x = torch.randn(2, *GREY, generator=torch.Generator().manual_seed(0))
    plain = nn.Conv2d(1, 3, 3, padding=1)
    plain.load_state_dict(net.conv1.state_dict())
    maps = oracle(plain(x))
    torch.testing.assert_close(net.conv1(x), maps)
    torch.testing.assert_close(net.conv1.before_activation(x), plain(x))
    dense = nn.Linear(3 * 784, 4)
    dense.load_state_dict(net.dense1.state_dict())
    torch.testing.assert_close(net.dense1(maps.flatten(1)), oracle(dense(maps.flatten(1))))


def test_the_last_layer_gives_logits():
    net = build_model(ModelConfig(layers=(Flatten(),)), GREY, 10)
    x = torch.randn(4, *GREY, generator=torch.Generator().manual_seed(0))
    torch.testing.assert_close(net(x), x.flatten(1) @ net.dense1.weight.T + net.dense1.bias)
    assert isinstance(net, nn.Sequential)


def test_dropout_keeps_the_mean_and_rests_in_evaluation():
    net = build_model(ModelConfig(layers=(Flatten(), Dropout(0.3))), GREY, 10)
    x = torch.ones(100, 784)
    dropped = net.dropout1.train()(x)
    assert float((dropped == 0).double().mean()) == pytest.approx(0.3, abs=0.01)
    assert dropped.unique().tolist() == pytest.approx([0.0, 1 / 0.7])
    assert torch.equal(net.dropout1.eval()(x), x)


def test_batch_norm_equals_torch_s_own():
    model = ModelConfig(layers=(BatchNorm(), Flatten(), BatchNorm()))
    net = build_model(model, (2, 3, 3), 10).train()
    maps, rows = nn.BatchNorm2d(2), nn.BatchNorm1d(18)
    for number in range(3):
        x = torch.randn(5, 2, 3, 3, generator=torch.Generator().manual_seed(number)) * 3 + 1
        torch.testing.assert_close(net.norm1(x), maps(x))
        torch.testing.assert_close(net.norm2(x.flatten(1)), rows(x.flatten(1)))
    torch.testing.assert_close(net.norm2.running_var, rows.running_var)
    net.eval(), maps.eval(), rows.eval()
    torch.testing.assert_close(net.norm1(x), maps(x))
    torch.testing.assert_close(net.norm2(x[:1].flatten(1)), rows(x[:1].flatten(1)))
