"""The formulas of backpropagation against autograd."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from lib import BatchNorm, Conv2d, Dense, Dropout, Flatten, ModelConfig, build_model
from lib.activations import ACTIVATIONS
from lib.config import LOSSES
from lib.training import loss_of
from lib.training.formulas import closed_form

TOLD = [name for name, kind in ACTIVATIONS.items() if kind.backward]  # whose slope their answers tell
LAYERS = st.lists(st.builds(Dense, st.integers(1, 24), st.sampled_from(TOLD)), max_size=4)


@given(LAYERS, st.sampled_from(LOSSES), st.integers(1, 40), st.integers(2, 12), st.integers(0, 9))
def test_logits_loss_and_gradients_are_autograds(layers, loss, batch, classes, seed):
    net = build_model(ModelConfig(layers=(Flatten(), *layers)), (2, 3, 5), classes, seed)
    generator = torch.Generator().manual_seed(seed)
    for parameter in net.parameters():  # biases too, so that a lost one shows
        torch.nn.init.normal_(parameter, std=0.5, generator=generator)
    x = torch.randn(batch, 2, 3, 5, generator=generator)
    y = torch.randint(0, classes, (batch,), generator=generator)
    logits, value, gradients = closed_form(net, loss)(x, y)

    expected_logits = net(x)
    expected = loss_of(expected_logits, y, loss)
    torch.testing.assert_close(logits, expected_logits, rtol=1e-6, atol=1e-6)
    torch.testing.assert_close(value, expected, rtol=1e-6, atol=1e-6)
    for ours, theirs in zip(gradients, torch.autograd.grad(expected, list(net.parameters())), strict=True):
        torch.testing.assert_close(ours, theirs, rtol=1e-5, atol=1e-6)
    assert not logits.requires_grad
    assert not value.requires_grad


@pytest.mark.parametrize("layer", [Dropout(0.1), BatchNorm(), Conv2d(2)])
def test_other_layers_are_left_to_autograd(layer):
    layers = (layer, Flatten(), Dense(3)) if isinstance(layer, Conv2d) else (Flatten(), Dense(3), layer)
    assert closed_form(build_model(ModelConfig(layers=layers), (1, 4, 4), 3), "mse") is None
    assert closed_form(torch.nn.Linear(3, 3), "mse") is None
