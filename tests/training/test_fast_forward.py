"""Pooling before ReLU changes neither an answer nor a gradient, bit for bit."""

from dataclasses import replace

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from lib import AvgPool2d, BatchNorm, Conv2d, Dense, Flatten, MaxPool2d, ModelConfig, build_model
from lib.activations import ACTIVATIONS
from lib.training.fast_forward import forward

NET = ModelConfig(
    layers=(
        Conv2d(4, 3, activation="relu"),
        MaxPool2d(2),
        Conv2d(5, 3, activation="tanh"),
        MaxPool2d(2),
        BatchNorm(),
        Conv2d(6, 2, activation="relu"),
        MaxPool2d(2),
        Flatten(),
        Dense(7),
    )
)


@given(st.integers(0, 99), st.booleans(), st.integers(17, 23))
def test_equal_to_the_last_bit(seed, rounded, side):
    net = build_model(NET, (2, side, side), 3, seed)
    # Whole numbers make ties between the pixels of a pooling window, and many zeros.
    x = torch.randn(3, 2, side, side, generator=torch.Generator().manual_seed(seed))
    x = x.round() if rounded else x
    ours, theirs = forward(net, x), net(x)
    assert torch.equal(ours, theirs)
    parameters = list(net.parameters())
    pairs = zip(torch.autograd.grad(ours.sum(), parameters), torch.autograd.grad(theirs.sum(), parameters), strict=True)
    assert all(torch.equal(a, b) for a, b in pairs)


@pytest.mark.parametrize("last", [Conv2d(2), MaxPool2d(2), AvgPool2d(2)])
def test_whatever_comes_last(last):
    net = build_model(ModelConfig(layers=(Conv2d(3), last, Flatten())), (1, 8, 8), 2)[:2]
    x = torch.randn(2, 1, 8, 8, generator=torch.Generator().manual_seed(0))
    assert torch.equal(forward(net, x), net(x))


def test_any_other_module_is_called(tiny):
    module = torch.nn.Conv2d(1, 2, 3)
    x, _ = tiny.train.batch(slice(0, 2))
    assert torch.equal(forward(module, x), module(x))


def test_relu_sees_the_smaller_maps(monkeypatch):
    seen = []
    relu = ACTIVATIONS["relu"]
    watched = replace(relu, apply=lambda x: seen.append(tuple(x.shape)) or relu.apply(x))
    monkeypatch.setitem(ACTIVATIONS, "relu", watched)
    net = build_model(ModelConfig(layers=(Conv2d(3), MaxPool2d(2), Flatten())), (1, 8, 8), 2)
    forward(net, torch.zeros(1, 1, 8, 8))
    assert seen == [(1, 3, 4, 4)]
