"""Lines between layers are as strong as the weights behind them."""

import torch

from lib import Conv2d, Dense, Flatten, ModelConfig, build_model, record_activations
from lib.explain.connections import kernel_strengths, picture_or_layer_before, strongest_inputs

NET = build_model(ModelConfig(layers=(Conv2d(4), Conv2d(3, 5), Flatten(), Dense(6))), (2, 9, 7), 5)


def test_a_kernel_counts_by_its_size():
    module = NET.get_submodule("conv2")
    found = kernel_strengths(module)
    norms = torch.linalg.vector_norm(module.weight.detach().flatten(2), dim=2)
    assert found.shape == (3, 4)
    torch.testing.assert_close(found, norms / norms.max())


def test_a_net_of_zeros_has_no_strong_lines():
    net = build_model(ModelConfig(layers=(Conv2d(2), Flatten())), (1, 5, 5), 3)
    with torch.no_grad():
        net.get_submodule("conv1").weight.zero_()
    assert kernel_strengths(net.get_submodule("conv1")).tolist() == [[0.0], [0.0]]


def test_the_strongest_inputs_of_every_unit():
    x = torch.rand((1, 2, 9, 7), generator=torch.Generator().manual_seed(0))
    inputs = record_activations(NET, x)["flatten1"]
    module = NET.get_submodule("dense1")
    positions, products = strongest_inputs(module, inputs, 4)
    assert positions.shape == products.shape == (6, 4)
    for unit in range(6):
        every = (module.weight[unit].detach() * inputs).abs()
        torch.testing.assert_close(products[unit].abs(), every.sort(descending=True).values[:4])
        torch.testing.assert_close(products[unit].abs(), every[positions[unit]])
    assert strongest_inputs(module, inputs, 9999)[0].shape == (6, len(inputs))


def test_what_comes_before():
    assert picture_or_layer_before(NET, "conv1") is None
    assert picture_or_layer_before(NET, "dense1") == "flatten1"
