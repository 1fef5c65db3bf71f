"""Slices through a loss: against the loss itself, finite differences and scikit-learn's principal components."""

import pytest
import torch
from sklearn.decomposition import PCA
from torch.nn import functional

from lib import BatchNorm, Conv2d, Dense, Flatten, ModelConfig, TrainConfig, build_model, fit
from lib.explain.landscape import losses_at, one_weight, plane_of, random_direction, slope_along, vector_of

SHAPE = (1, 6, 6)
LAYERS = (Conv2d(3), BatchNorm(), Flatten(), Dense(5))


@pytest.fixture
def net():
    return build_model(ModelConfig(layers=LAYERS), SHAPE, 3, seed=2).eval()


@pytest.fixture
def pictures():
    generator = torch.Generator().manual_seed(4)
    return torch.rand((8, *SHAPE), generator=generator), torch.randint(0, 3, (8,), generator=generator)


def loss_of(labels):
    return lambda logits: functional.cross_entropy(logits, labels)


def test_S28_a_slice_along_one_weight_is_the_loss_with_that_weight_moved(net, pictures):
    x, y = pictures
    kept = vector_of(net)
    direction = one_weight(net, "dense1.weight", (3, 17))
    positions = torch.tensor([[-0.7], [0.0], [1.3]])
    found = list(losses_at(net, x, loss_of(y), direction[None], positions))
    assert torch.equal(vector_of(net), kept)
    for shift, loss in zip(positions.flatten().tolist(), found, strict=True):
        with torch.no_grad():
            net.dense1.weight[3, 17] += shift
            assert float(functional.cross_entropy(net(x), y)) == pytest.approx(loss, rel=1e-6)
            net.dense1.weight[3, 17] -= shift


def test_S28_there_is_one_gradient_entry_for_every_weight_and_each_is_the_slope_along_it(net, pictures):
    x, y = pictures
    net.double()
    x = x.double()
    for parameter, index in (("conv1.weight", (2, 0, 1, 1)), ("dense1.weight", (3, 17)), ("dense2.bias", (1,))):
        direction = one_weight(net, parameter, index)
        assert direction.count_nonzero() == 1
        assert direction.numel() == sum(value.numel() for value in net.parameters())
        low, high = losses_at(net, x, loss_of(y), direction[None], torch.tensor([[-1e-6], [1e-6]], dtype=torch.double))
        slope = slope_along(net, x, loss_of(y), direction)
        assert slope == pytest.approx((high - low) / 2e-6, rel=1e-3, abs=1e-7)


def test_a_random_direction_is_as_long_as_the_net_filter_by_filter(net):
    direction = random_direction(net, seed=1)
    assert not torch.equal(direction, random_direction(net, seed=2))
    assert torch.equal(direction, random_direction(net, seed=1))
    start = 0
    for value in net.parameters():
        part = direction[start : start + value.numel()].reshape(value.shape)
        start += value.numel()
        if value.ndim < 2:
            assert not part.any()
        else:
            torch.testing.assert_close(part.flatten(1).norm(dim=1), value.detach().flatten(1).norm(dim=1))


def test_the_plane_of_a_way_is_that_of_scikit_learn(net):
    generator = torch.Generator().manual_seed(9)
    moments = [vector_of(net)]
    for _ in range(11):
        moments.append(moments[-1] + 0.1 * torch.randn(moments[0].shape, generator=generator))
    plane = plane_of(moments)
    torch.testing.assert_close(plane.directions @ plane.directions.T, torch.eye(2), atol=1e-5, rtol=0)
    assert plane.path[-1].tolist() == [0, 0]
    assert plane.path[0, 0] < 0  # it begins on the left
    # Principal components about the last moment, not about the mean: with mirrored moments the mean is the last one.
    away = torch.stack(moments) - moments[-1]
    expected = PCA(2).fit(torch.cat([away, -away]).double().numpy())
    for ours, theirs in zip(plane.directions, expected.components_, strict=True):
        assert abs(float(ours.double() @ torch.from_numpy(theirs))) == pytest.approx(1, abs=1e-5)
    assert plane.share == pytest.approx(expected.explained_variance_ratio_.sum(), abs=1e-5)
    torch.testing.assert_close(plane.path, away @ plane.directions.T, atol=1e-4, rtol=1e-4)


def test_a_straight_way_has_a_plane_too_and_one_that_stands_still_has_none(net):
    start = vector_of(net)
    plane = plane_of([start - 2 * torch.ones_like(start), start - torch.ones_like(start), start])
    torch.testing.assert_close(plane.directions @ plane.directions.T, torch.eye(2), atol=1e-5, rtol=0)
    assert plane.share == pytest.approx(1)
    torch.testing.assert_close(plane.path[:, 1], torch.zeros(3), atol=1e-4, rtol=0)
    with pytest.raises(ValueError, match="two different moments"):
        plane_of([start, start])


def test_S28_the_way_of_a_real_training_lies_where_the_loss_says(tiny):
    """The net walks down: the loss at the path's places on its plane falls, and at its end is the net's own."""
    model = build_model(ModelConfig(layers=(Flatten(), Dense(6))), tiny.input_shape, 3, seed=1)
    x, y = tiny.train.batch(slice(0, 50))
    moments, losses = [vector_of(model)], []
    for event in fit(model, tiny.train, tiny.valid, TrainConfig(epochs=12, learning_rate=0.01, batch_size=10)):
        if event.kind == "epoch_end":
            moments.append(vector_of(model))
    plane = plane_of(moments)
    losses = list(losses_at(model, x, loss_of(y), plane.directions, plane.path))
    with torch.no_grad():
        assert losses[-1] == pytest.approx(float(functional.cross_entropy(model(x), y)), rel=1e-6)
    assert losses[0] > 2 * losses[-1]
    assert plane.share > 0.9


def test_weights_that_break_the_net_have_an_infinite_loss(net, pictures):
    x, y = pictures
    direction = torch.full_like(vector_of(net), torch.inf)
    assert list(losses_at(net, x, loss_of(y), direction[None], torch.ones(1, 1))) == [float("inf")]
