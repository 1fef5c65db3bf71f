"""Nearest training pictures: by scikit-learn's word, within a bound of memory, stoppable."""

import pytest
import torch
from sklearn.neighbors import NearestNeighbors

from lib.config import Conv2d, Dense, Dropout, Flatten, GlobalAvgPool2d, MaxPool2d, ModelConfig
from lib.datasets import Split
from lib.explain import record_activations
from lib.explain.nearest import neighbours
from lib.models import build_model
from tests.going_through import go_through


def random_split(count, shape=(1, 12, 12), seed=0):
    generator = torch.Generator().manual_seed(seed)
    images = torch.randint(0, 256, (count, *shape), dtype=torch.uint8, generator=generator)
    return Split(images, torch.arange(count) % 3)


CONVOLUTIONAL = (Conv2d(4), MaxPool2d(), Conv2d(6), Flatten(), Dense(9))
NETS = {
    "convolutional": CONVOLUTIONAL,
    "pooled": (Conv2d(5), GlobalAvgPool2d()),
    "maps last": (Conv2d(3, 5, 2), Flatten()),
    "dense": (Flatten(), Dense(16, "tanh"), Dropout(0.5), Dense(7, "sigmoid")),
    "no hidden layer": (Flatten(),),
}


@pytest.mark.parametrize("layers", NETS.values(), ids=NETS)
def test_they_are_scikit_learns(layers):
    split, asked = random_split(700), random_split(5, seed=1)
    net = build_model(ModelConfig(layers=layers), (1, 12, 12), 3, seed=3)
    _, index = go_through(neighbours(net, split))
    before_last = [name for name, _ in net.named_children()][-2]

    def hidden(part):  # recorded one by one by the hooks that Look inside uses
        x, _ = part.batch(slice(None))
        return torch.stack([record_activations(net, each, [before_last])[before_last].flatten() for each in x]).numpy()

    oracle = NearestNeighbors(n_neighbors=6, algorithm="brute", metric="euclidean").fit(hidden(split))
    distances, places = oracle.kneighbors(hidden(asked))
    for x, near, far in zip(asked.batch(slice(None))[0], places, distances, strict=True):
        found = index.nearest(x, 6)
        assert [place for place, _ in found] == near.tolist()
        assert [distance for _, distance in found] == pytest.approx(far, rel=1e-3, abs=1e-4)


def test_a_picture_is_its_own_nearest():
    split = random_split(300)
    net = build_model(ModelConfig(layers=CONVOLUTIONAL), (1, 12, 12), 3)
    _, index = go_through(neighbours(net, split))
    for place in (0, 17, 299):
        ((found, distance), (_, further)) = index.nearest(split.batch(torch.tensor([place]))[0], 2)
        assert found == place
        assert distance == pytest.approx(0, abs=1e-4)
        assert further > distance


def test_a_wide_net_is_asked_about_fewer_pictures_spread_evenly():
    split = random_split(1_000)
    net = build_model(ModelConfig(layers=(Flatten(),)), (1, 12, 12), 3)
    _, index = go_through(neighbours(net, split, most_bytes=100 * 4 * 144))
    assert len(index) == 100
    assert index.bytes == 100 * 4 * 144
    assert index.of == 1_000
    gaps = index.pictures.diff()
    assert index.pictures[0] == 0
    assert index.pictures[-1] == 999
    assert gaps.min() >= 10
    assert gaps.max() <= 11
    assert len(index.nearest(split.batch(slice(0, 1))[0], 500)) == 100
    _, one = go_through(neighbours(net, split, most_bytes=1))
    assert len(one) == 1


def test_progress_and_a_net_that_learns_on():
    split = random_split(600)
    net = build_model(ModelConfig(layers=CONVOLUTIONAL), (1, 12, 12), 3)
    net.train()
    _, before = go_through(neighbours(net, split))
    steps = neighbours(net, split)
    shares = [next(steps)]
    with torch.no_grad():
        for parameter in net.parameters():
            parameter.mul_(-3)
    rest, index = go_through(steps)
    assert [*shares, *rest] == sorted([*shares, *rest])
    assert rest[-1] == 1.0
    assert torch.equal(index.activations, before.activations)
    assert net.training
    closed = neighbours(net, split)
    next(closed)
    closed.close()


def test_only_one_picture_at_a_time():
    split = random_split(10)
    net = build_model(ModelConfig(layers=CONVOLUTIONAL), (1, 12, 12), 3)
    _, index = go_through(neighbours(net, split))
    with pytest.raises(ValueError, match="one picture at a time, not 10"):
        index.nearest(split.batch(slice(None))[0], 3)


def test_pixels_that_are_not_scaled_and_colours():
    images = torch.randint(0, 256, (50, 3, 8, 8), dtype=torch.uint8, generator=torch.Generator().manual_seed(0))
    split = Split(images, torch.zeros(50, dtype=torch.int64), scale=1.0)
    net = build_model(ModelConfig(layers=(Conv2d(4), Flatten(), Dense(5))), (3, 8, 8), 3)
    _, index = go_through(neighbours(net, split))
    assert index.nearest(split.batch(torch.tensor([7]))[0], 1)[0][0] == 7
