"""What a filter likes, against what can be found by trying every pixel."""

import torch

from lib import AvgPool2d, Conv2d, Flatten, MaxPool2d, ModelConfig, build_model
from lib.datasets import Split
from lib.labs.liking import most_liked, pleasing, up_to, window_of

NET = ModelConfig(layers=(Conv2d(3, 5), MaxPool2d(), Conv2d(4, 3, stride=2, padding="valid"), AvgPool2d(), Flatten()))


def test_the_window_is_what_the_place_answers_to() -> None:
    """A pixel matters exactly if the gradient of the place, with average instead of max pooling, is not zero."""
    config = ModelConfig(layers=(Conv2d(3, 5), AvgPool2d(), Conv2d(4, 3, stride=2, padding="valid"), Flatten()))
    net = build_model(config, (1, 24, 22), 3, seed=1).double()
    for layer in ("conv1", "pool1", "conv2"):
        for row, column in ((0, 0), (1, 2), (3, 4)):
            x = torch.rand((1, 1, 24, 22), dtype=torch.float64, requires_grad=True)
            part = up_to(net, layer)
            for module in part:
                if isinstance(module, torch.nn.Conv2d):
                    module.weight.data.abs_()
            (slope,) = torch.autograd.grad(part(x)[0, 0, row, column], x)
            seen = slope[0, 0].nonzero()
            window = window_of(net, layer, row, column, 24, 22)
            (top, left), (bottom, right) = seen.min(dim=0).values.tolist(), seen.max(dim=0).values.tolist()
            assert (window.top, window.left, window.bottom, window.right) == (top, left, bottom, right), (layer, row)


def test_the_most_liked_are_the_largest_answers() -> None:
    net = build_model(NET, (1, 20, 20), 3, seed=2).eval()
    images = torch.randint(0, 256, (30, 1, 20, 20), generator=torch.Generator().manual_seed(1)).to(torch.uint8)
    split = Split(images, torch.zeros(30, dtype=torch.int64))
    with torch.no_grad():
        best = up_to(net, "conv2")(split.batch(slice(None))[0])[:, 2].flatten(1).max(dim=1).values
    found = most_liked(net, "conv2", 2, split, 9)
    assert [each.picture for each in found] == best.argsort(descending=True, stable=True)[:9].tolist()
    assert torch.allclose(torch.tensor([each.answer for each in found]), best.sort(descending=True).values[:9])


def test_a_picture_that_is_made_pleases_more_than_grey_and_noise() -> None:
    net = build_model(NET, (1, 20, 20), 3, seed=2).eval()
    made = pleasing(net, "conv1", 0, (1, 20, 20), 1.0)
    part = up_to(net, "conv1")
    with torch.no_grad():
        grey, noise = torch.full((1, 1, 20, 20), 0.5), torch.rand((1, 1, 20, 20))
        assert float(part(made[None])[0, 0].mean()) > 1.2 * max(float(part(x)[0, 0].mean()) for x in (grey, noise))
    assert 0 <= float(made.min()) <= float(made.max()) <= 1
