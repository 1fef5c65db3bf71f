"""Scrambled nets, and how far two maps agree, against scipy."""

import torch
from scipy import stats

from lib import Conv2d, Dense, Flatten, MaxPool2d, ModelConfig, build_model
from lib.labs.scrambling import METHODS, agreement, edges, explanations, learning_layers, scrambled

NET = ModelConfig(layers=(Conv2d(4), MaxPool2d(), Conv2d(5), Flatten(), Dense(6)))


def test_agreement_is_spearmans() -> None:
    generator = torch.Generator().manual_seed(0)
    for _ in range(20):
        first, second = torch.randint(0, 6, (2, 7, 9), generator=generator).float()  # many ties
        assert abs(agreement(first, second) - stats.spearmanr(first.flatten(), second.flatten()).statistic) < 1e-12
    assert agreement(first, first) == 1.0
    assert agreement(first, torch.zeros(7, 9)) == 0.0


def test_the_last_layers_lose_their_order_and_keep_their_numbers() -> None:
    net = build_model(NET, (1, 12, 12), 3, seed=1)
    names = learning_layers(net)
    assert names == ["conv1", "conv2", "dense1", "dense2"]
    for count in range(len(names) + 1):
        copy = scrambled(net, count)
        for place, name in enumerate(names):
            before, after = net.get_submodule(name).weight, copy.get_submodule(name).weight
            assert torch.equal(before.flatten().sort().values, after.flatten().sort().values)
            assert torch.equal(before, after) == (place < len(names) - count)


def test_edges_never_ask_the_net_and_the_others_do() -> None:
    net = build_model(NET, (1, 12, 12), 3, seed=1).eval()
    x = torch.rand((1, 1, 12, 12), generator=torch.Generator().manual_seed(2))
    before, after = explanations(net, x, 1), explanations(scrambled(net, 4), x, 1)
    assert tuple(before) == METHODS
    for name in METHODS:
        assert before[name].shape == (12, 12)
        assert torch.equal(before[name], after[name]) == (name == "edges")
    step = torch.zeros(1, 6, 6)
    step[:, :, 3:] = 1.0
    assert edges(step)[2].tolist() == [0, 0, 4, 4, 0, 0]
