"""EfficientNet-Lite0, a net that was trained on ImageNet's photos: its layers alone, with the weights' usual names.

Tan and Le 2019, without squeeze-and-excitation and with ReLU6 (the Lite form). Padded as TensorFlow pads.
"""

from collections import OrderedDict
from typing import NamedTuple

from torch import Tensor, nn
from torch.nn import functional

IMAGENET_CLASSES, PARAMETERS = 1_000, 4_652_008
STEM, WIDTH = 32, 1_280  # maps after the first convolution, and what the net sees in the end: its features
_EPSILON = 1e-3  # of the batch normalisations, as it was trained


class _Stage(NamedTuple):
    repeats: int
    kernel: int
    stride: int  # of its first block
    wider: int  # how many times as many maps within a block
    maps: int  # that come out


_STAGES = (
    _Stage(1, 3, 1, 1, 16),
    _Stage(2, 3, 2, 6, 24),
    _Stage(2, 5, 2, 6, 40),
    _Stage(3, 3, 2, 6, 80),
    _Stage(3, 5, 1, 6, 112),
    _Stage(4, 5, 2, 6, 192),
    _Stage(1, 3, 1, 6, 320),
)
BLOCKS = sum(stage.repeats for stage in _STAGES)


class _SameConv2d(nn.Conv2d):
    """A convolution that pads so that each side becomes side / stride, rounded up; what is odd goes right and below."""

    def forward(self, x: Tensor) -> Tensor:
        """Maps `(N, C, H, W)` to `(N, C', ⌈H / stride⌉, ⌈W / stride⌉)`."""
        stride = self.stride[0]
        rows, columns = (
            max((-(-side // stride) - 1) * stride + self.kernel_size[0] - side, 0) for side in x.shape[-2:]
        )
        padded = functional.pad(x, (columns // 2, columns - columns // 2, rows // 2, rows - rows // 2))
        return super().forward(padded)


def _convolution(maps: int, out: int, kernel: int, stride: int = 1, groups: int = 1) -> nn.Conv2d:
    return _SameConv2d(maps, out, kernel, stride, groups=groups, bias=False)


def _normalised(maps: int) -> nn.BatchNorm2d:
    return nn.BatchNorm2d(maps, eps=_EPSILON)


class Block(nn.Module):
    """Wider by a 1×1, each map for itself by a k×k, narrow again by a 1×1, and what came in is added where it fits."""

    def __init__(self, maps: int, out: int, kernel: int, stride: int, wider: int) -> None:
        super().__init__()
        wide = maps * wider
        layers: OrderedDict[str, nn.Module] = OrderedDict()
        if wider > 1:
            layers["_expand_conv"], layers["_bn0"] = _convolution(maps, wide, 1), _normalised(wide)
            layers["widened"] = nn.ReLU6()
        layers["_depthwise_conv"], layers["_bn1"] = _convolution(wide, wide, kernel, stride, wide), _normalised(wide)
        layers["filtered"] = nn.ReLU6()
        layers["_project_conv"], layers["_bn2"] = _convolution(wide, out, 1), _normalised(out)
        self._added = stride == 1 and maps == out
        for name, layer in layers.items():
            self.add_module(name, layer)

    def forward(self, x: Tensor) -> Tensor:
        """Maps `(N, C, H, W)` to `(N, C', H / stride, W / stride)`."""
        y = x
        for layer in self.children():
            y = layer(y)
        return x + y if self._added else y


class EfficientNetLite0(nn.Module):
    """Photos `(N, 3, H, W)`, about -1..1, to ImageNet's classes; cut in two before the last block."""

    def __init__(self) -> None:
        super().__init__()
        self._conv_stem, self._bn0 = _convolution(3, STEM, 3, 2), _normalised(STEM)
        maps, blocks = STEM, []
        for stage in _STAGES:
            for number in range(stage.repeats):
                stride = stage.stride if number == 0 else 1
                blocks.append(Block(maps, stage.maps, stage.kernel, stride, stage.wider))
                maps = stage.maps
        self._blocks = nn.ModuleList(blocks)
        self._conv_head, self._bn1 = _convolution(maps, WIDTH, 1), _normalised(WIDTH)
        self._fc = nn.Linear(WIDTH, IMAGENET_CLASSES)

    def before_last_block(self, x: Tensor) -> Tensor:
        """Maps `(N, 192, H / 32, W / 32)` that the last block gets."""
        y = functional.relu6(self._bn0(self._conv_stem(x)))
        for block in self._blocks[:-1]:
            y = block(y)
        return y

    def from_last_block(self, maps: Tensor) -> Tensor:
        """What the net sees in the end, `(N, 1280)`, of maps as the last block gets them."""
        y = functional.relu6(self._bn1(self._conv_head(self._blocks[-1](maps))))
        return y.mean((2, 3))

    def forward(self, x: Tensor) -> Tensor:
        """Logits `(N, 1000)`."""
        answer: Tensor = self._fc(self.from_last_block(self.before_last_block(x)))
        return answer
