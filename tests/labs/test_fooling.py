"""Fooling a net, against captum, and against what a straight net lets one work out by hand."""

from copy import deepcopy

import pytest
import torch
from captum.robust import FGSM, PGD
from torch import nn
from torch.nn import functional

from lib import Conv2d, Dense, Flatten, MaxPool2d, ModelConfig, build_model
from lib.datasets import Split
from lib.labs.fooling import (
    answers,
    first_fooled,
    fooled,
    in_levels,
    middle,
    noisy,
    slope_signs,
    smallest_sizes,
)
from tests.going_through import go_through

SHAPE = (2, 8, 6)
LAYERS = (Conv2d(5, activation="tanh"), MaxPool2d(), Flatten(), Dense(6, activation="sigmoid"))


def loss(logits: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    return functional.cross_entropy(logits, labels, reduction="none")


@pytest.fixture(scope="module")
def net() -> nn.Sequential:
    return build_model(ModelConfig(layers=LAYERS), SHAPE, 4, seed=1).eval()


@pytest.fixture(scope="module")
def x() -> torch.Tensor:
    return torch.rand((5, *SHAPE), generator=torch.Generator().manual_seed(0))


@pytest.mark.filterwarnings("ignore:Input Tensor 0 did not already require gradients")
@pytest.mark.parametrize("toward", [False, True])
@pytest.mark.parametrize("size", [0.01, 0.2])
def test_one_step_is_captums(net: nn.Sequential, x: torch.Tensor, toward: bool, size: float) -> None:
    labels = torch.tensor([0, 1, 2, 3, 0])
    oracle = FGSM(net, loss, lower_bound=0, upper_bound=1).perturb(
        x.clone(), epsilon=size, target=labels, targeted=toward
    )
    assert torch.allclose(fooled(net, x, labels, size, toward=toward), oracle, atol=1e-6)


@pytest.mark.filterwarnings("ignore:Input Tensor 0 did not already require gradients")
@pytest.mark.parametrize("toward", [False, True])
def test_several_steps_are_captums(net: nn.Sequential, x: torch.Tensor, toward: bool) -> None:
    labels, size, steps = torch.tensor([3, 2, 1, 0, 3]), 0.08, 5
    net, x = deepcopy(net).double(), x.double()  # a slope of nearly nothing has either sign in float32
    oracle = PGD(net, loss, lower_bound=0, upper_bound=1).perturb(
        x.clone(), radius=size, step_size=2.5 * size / steps, step_num=steps, target=labels, targeted=toward
    )
    assert torch.allclose(fooled(net, x, labels, size, toward=toward, steps=steps), oracle, atol=1e-6)


def test_pictures_with_a_size_each_are_changed_as_alone(net: nn.Sequential, x: torch.Tensor) -> None:
    sizes, labels = in_levels([0, 3, 8, 20, 90], 1.0), torch.tensor([1, 1, 1, 1, 1])
    together = fooled(net, x, labels, sizes, steps=4)
    for index in range(5):
        one = slice(index, index + 1)
        assert torch.allclose(together[one], fooled(net, x[one], labels[one], float(sizes[index]), steps=4), atol=1e-6)
    assert torch.equal(together[0], x[0])
    assert bool(((together - x).abs() <= sizes + 1e-6).all())
    assert 0 <= float(together.min()) <= float(together.max()) <= 1


def test_the_slope_of_a_straight_net_is_read_off_its_weights() -> None:
    """Two classes, scores ±w·x: the loss of class 0 grows where w falls."""
    weights = torch.tensor([0.7, -0.2, 0.0, 1.5])
    straight = nn.Sequential(nn.Flatten(), nn.Linear(4, 2, bias=False))
    straight[1].weight.data = torch.stack([weights, -weights])
    x = torch.full((1, 1, 2, 2), 0.5)
    assert slope_signs(straight, x, torch.tensor([0])).flatten().tolist() == [-1, 1, 0, -1]
    # The score falls by exactly size × Σ|w|: the answer turns when that is more than w·x.
    needed = float((weights * 0.5).sum() / weights.abs().sum())
    for size, label in ((needed * 0.99, 0), (needed * 1.01, 1)):
        assert int(answers(straight, fooled(straight, x, torch.tensor([0]), size)).argmax()) == label


def test_noise_is_as_large_and_the_same_every_time(x: torch.Tensor) -> None:
    dim = x * 0.4 + 0.3
    changed = noisy(dim, 0.1)
    assert torch.allclose((changed - dim).abs(), torch.full_like(dim, 0.1), atol=1e-6)
    assert torch.equal(changed, noisy(dim, 0.1))
    assert 0.3 < float((changed > dim).float().mean()) < 0.7
    assert float(noisy(x * 255, 500.0, white=255.0).max()) == 255.0


def test_how_little_suffices_is_the_first_level_that_does(net: nn.Sequential, x: torch.Tensor) -> None:
    labels = answers(net, x).argmax(1)
    split = Split((x * 255).round().to(torch.uint8), labels)
    levels = (0, 1, 4, 16, 64)
    shares, found = go_through(smallest_sizes(net, split, 5, levels))
    assert shares[-1] == 1.0
    order = torch.randperm(5, generator=torch.Generator().manual_seed(0))
    for index, size in zip(order.tolist(), found, strict=True):
        one, label = split.batch(torch.tensor([index]))
        fools = [
            int(answers(net, fooled(net, one, label, level / 255, steps=10)).argmax()) != int(label) for level in levels
        ]
        assert (levels[fools.index(True)] if True in fools else None) == size


def test_what_was_found_is_read_rightly() -> None:
    shares = torch.tensor([[0.9, 0.1, 0.0], [0.4, 0.6, 0.0], [0.0, 0.3, 0.7]])
    assert first_fooled(shares, 0) == 1
    assert first_fooled(shares, 0, 2) == 2
    assert first_fooled(shares[:1], 0) is None
    assert middle([None, 3, 1]) == 3
    assert middle([None, 3, None]) is None
    assert middle([4, 2]) == 2
    assert middle([]) is None
