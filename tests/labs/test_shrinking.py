"""Shrinking a net, against torch's own rounding and pruning."""

import pytest
import torch
from torch.nn.utils import prune

from lib import Conv2d, Dense, Flatten, ModelConfig, build_model
from lib.labs.shrinking import BITS, cliff, layers_with_weights, pruned, rounded, shrunk, size_in_bytes, step_of

NET = ModelConfig(layers=(Conv2d(5), Flatten(), Dense(7)))


@pytest.fixture(scope="module")
def net() -> torch.nn.Sequential:
    return build_model(NET, (1, 8, 8), 3, seed=2).eval()


@pytest.fixture(scope="module")
def weight() -> torch.Tensor:
    return torch.randn((6, 3, 3, 3), generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize("bits", [8, 4, 3, 2])
def test_rounding_is_torchs(weight: torch.Tensor, bits: int) -> None:
    most = 2 ** (bits - 1) - 1
    oracle = torch.fake_quantize_per_tensor_affine(weight, step_of(weight, bits), 0, -most, most)
    assert torch.allclose(rounded(weight, bits), oracle, atol=1e-6)
    assert len(rounded(weight, bits).unique()) <= 2**bits - 1


def test_one_bit_is_the_nearest_of_two_values(weight: torch.Tensor) -> None:
    """Among all ±a, the one that is nearest in squares has a = mean |w| (checked over a grid)."""
    few = rounded(weight, 1)
    assert len(few.unique()) == 2
    error = float((weight - few).square().sum())
    for size in torch.linspace(0.05, 3, 200):
        assert float((weight - weight.sign() * size).square().sum()) >= error - 1e-4


@pytest.mark.parametrize("percent", [0, 30, 95, 100])
def test_pruning_is_torchs(weight: torch.Tensor, percent: int) -> None:
    layer = torch.nn.Conv2d(3, 6, 3)
    layer.weight.data = weight.clone()
    prune.l1_unstructured(layer, "weight", amount=percent / 100)
    assert torch.equal(pruned(weight, percent), layer.weight.detach())


def test_only_the_chosen_layers_shrink_and_the_net_itself_stays(net: torch.nn.Sequential) -> None:
    before = {name: value.clone() for name, value in net.state_dict().items()}
    names = layers_with_weights(net)
    copy = shrunk(net, 2, 50, [names[0]])
    assert all(torch.equal(value, before[name]) for name, value in net.state_dict().items())
    for name, value in copy.state_dict().items():
        assert torch.equal(value, before[name]) == (name != f"{names[0]}.weight")
    all_of_them = shrunk(net, 1, 50)
    for name in names:
        values = all_of_them.get_submodule(name).weight.unique()
        assert len(values) == 3
        assert 0.0 in values
    assert all(torch.equal(value, before[name]) for name, value in shrunk(net).state_dict().items())


def test_sizes_add_up(net: torch.nn.Sequential) -> None:
    weights, biases = 5 * 9 + 320 * 7 + 7 * 3, 5 + 7 + 3
    assert size_in_bytes(net) == 4 * (weights + biases)
    assert size_in_bytes(net, 8) == weights + 3 * 4 + 4 * biases
    first = layers_with_weights(net)[0]
    assert size_in_bytes(net, 4, 0, [first]) == 4 * (weights - 45 + biases) + 23 + 4
    sizes = [size_in_bytes(net, bits) for bits in BITS]
    assert sizes == sorted(sizes, reverse=True)
    assert size_in_bytes(net, 8, 90) < size_in_bytes(net, 8, 50) < size_in_bytes(net, 8)


def test_the_cliff_is_the_first_fall() -> None:
    assert cliff([0.9, 0.89, 0.8, 0.2]) == 2
    assert cliff([0.9, 0.9]) is None
