"""EfficientNet-Lite0: its published size, what comes out of each half, and the reference net's own numbers."""

import pytest
import torch
from torch.nn import functional

from lib.models.efficientnet import BLOCKS, IMAGENET_CLASSES, PARAMETERS, WIDTH, EfficientNetLite0, _convolution


def test_it_has_the_published_size_and_its_halves_make_the_whole() -> None:
    net = EfficientNetLite0().eval()
    assert sum(each.numel() for each in net.parameters()) == PARAMETERS  # 4.65 million
    assert len(net._blocks) == BLOCKS == 16
    x = torch.randn(2, 3, 96, 64, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        maps = net.before_last_block(x)
        features = net.from_last_block(maps)
        assert maps.shape == (2, 192, 3, 2)
        assert features.shape == (2, WIDTH)
        assert torch.equal(net._fc(features), net(x))
        assert net(x).shape == (2, IMAGENET_CLASSES)


@pytest.mark.parametrize("side", [7, 8, 33])
@pytest.mark.parametrize(("kernel", "stride"), [(3, 2), (5, 2), (3, 1)])
def test_what_is_odd_of_the_padding_goes_right_and_below(side: int, kernel: int, stride: int) -> None:
    layer = _convolution(2, 3, kernel, stride)
    x = torch.randn(1, 2, side, side, generator=torch.Generator().manual_seed(1))
    out = -(-side // stride)
    odd = max((out - 1) * stride + kernel - side, 0)
    padded = torch.zeros(1, 2, side + odd, side + odd)
    padded[:, :, odd // 2 : odd // 2 + side, odd // 2 : odd // 2 + side] = x
    torch.testing.assert_close(layer(x), functional.conv2d(padded, layer.weight, stride=stride))
    assert layer(x).shape == (1, 3, out, out)


def test_it_says_what_the_reference_says() -> None:
    reference = pytest.importorskip("efficientnet_lite_pytorch", exc_type=ImportError)
    theirs = reference.EfficientNet.from_name("efficientnet-lite0")
    draw = torch.Generator().manual_seed(2)
    with torch.no_grad():
        for name, value in theirs.state_dict().items():
            if value.dtype == torch.float32 and "_bn" in name:  # as fresh ones are, they hide mistakes
                value.copy_(0.5 + torch.rand(value.shape, generator=draw))
    ours = EfficientNetLite0().eval()
    ours.load_state_dict(theirs.state_dict())
    x = torch.randn(2, 3, 224, 224, generator=draw)
    with torch.no_grad():
        torch.testing.assert_close(ours(x), theirs.eval()(x))
