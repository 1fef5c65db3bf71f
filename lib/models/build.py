"""From a configuration to an `nn.Sequential` with one named module a layer."""

from collections import OrderedDict

import torch
from torch import Generator, Tensor, nn
from torch.nn import functional

from lib.activations import ACTIVATIONS
from lib.config import AvgPool2d, BatchNorm, Conv2d, Dense, Dropout, Flatten, GlobalAvgPool2d, MaxPool2d, ModelConfig
from lib.models.shapes import Planned, Shape, plan, same_padding


class Convolution(nn.Conv2d):
    """A convolution and its activation as one layer: what it returns is what the next layer sees."""

    def __init__(self, planned: Planned, layer: Conv2d, device: torch.device | str | None) -> None:
        channels, height, width = planned.input_shape
        pads = [(0, 0), (0, 0)]
        if layer.padding == "same":
            pads = [same_padding(n, layer.kernel_size, layer.stride) for n in (height, width)]
        even = all(before == after for before, after in pads)
        super().__init__(
            channels,
            layer.filters,
            layer.kernel_size,
            stride=layer.stride,
            padding=(pads[0][0], pads[1][0]) if even else 0,
            device=device,
        )
        # Zeros that are not the same on both sides (even kernels, strides) cannot be left to the convolution.
        self.pad = None if even else (*pads[1], *pads[0])
        self.activation = layer.activation
        self.activate = ACTIVATIONS[layer.activation].apply
        self.pools_first = ACTIVATIONS[layer.activation].pools_first

    def forward(self, x: Tensor) -> Tensor:
        """`(N, C, H, W)` -> `(N, filters, H', W')`, after the activation."""
        return self.activate(self.before_activation(x))

    def before_activation(self, x: Tensor) -> Tensor:
        """The weighted sums plus bias alone."""
        return super().forward(x if self.pad is None else functional.pad(x, self.pad))


class FullyConnected(nn.Linear):
    """A dense layer and its activation."""

    def __init__(self, inputs: int, layer: Dense, device: torch.device | str | None) -> None:
        super().__init__(inputs, layer.units, device=device)
        self.activation = layer.activation
        self.activate = ACTIVATIONS[layer.activation].apply

    def forward(self, x: Tensor) -> Tensor:
        """`(N, inputs)` -> `(N, units)`, after the activation."""
        return self.activate(super().forward(x))


class RunDropout(nn.Module):
    """Dropout that draws from the run's own generator, so that two runs at once cannot disturb each other."""

    def __init__(self, rate: float) -> None:
        super().__init__()
        self.rate = rate
        self.generator: Generator | None = None  # `fit` lends the run's

    def forward(self, x: Tensor) -> Tensor:
        """Zero a random `rate` of the values and scale up the rest, in training only."""
        if not self.training or self.rate == 0.0:
            return x
        keep = torch.empty_like(x).bernoulli_(1.0 - self.rate, generator=self.generator)
        return x * keep / (1.0 - self.rate)


class RowNorm(nn.BatchNorm1d):
    """Batch norm of rows of numbers; a last batch of one picture has no variance and uses the running one."""

    def forward(self, x: Tensor) -> Tensor:
        """`(N, C)` -> `(N, C)`."""
        return _by_running_values(self, x) if self.training and _is_lone(x) else super().forward(x)


class MapNorm(nn.BatchNorm2d):
    """Batch norm of feature maps; maps of one pixel from a last batch of one picture are like `RowNorm`'s row."""

    def forward(self, x: Tensor) -> Tensor:
        """`(N, C, H, W)` -> `(N, C, H, W)`."""
        return _by_running_values(self, x) if self.training and _is_lone(x) else super().forward(x)


def _is_lone(x: Tensor) -> bool:
    """True if there is only one value per channel, so that no variance can be measured."""
    return x.numel() == x.shape[1]


def _by_running_values(norm: RowNorm | MapNorm, x: Tensor) -> Tensor:
    return functional.batch_norm(x, norm.running_mean, norm.running_var, norm.weight, norm.bias, eps=norm.eps)


class GlobalAverage(nn.Module):
    """`(N, C, H, W)` -> `(N, C)`: the mean of each feature map."""

    def forward(self, x: Tensor) -> Tensor:
        """Average over height and width."""
        return x.mean(dim=(2, 3))


def build_model(
    model: ModelConfig, input_shape: Shape, classes: int, seed: int = 0, *, device: torch.device | str = "cpu"
) -> nn.Sequential:
    """Build the net and draw its first weights from `seed`.

    The modules are named as in `summarize` (`conv1`, `pool1`, `dense1`, ...); the last one is the implied class layer.
    The forward pass takes `(N, C, H, W)` and returns logits `(N, classes)`. Raises ShapeError when a layer cannot work.
    """
    # Built without weights, then filled: torch's own initialisation would draw from the process-wide generator.
    steps = plan(model, input_shape, classes)
    net = nn.Sequential(OrderedDict((step.name, _module(step)) for step in steps))
    net = net.to_empty(device=device)
    _initialise(net, torch.Generator().manual_seed(seed))
    return net


def _module(planned: Planned) -> nn.Module:
    device = "meta"
    match planned.layer:
        case Conv2d() as layer:
            return Convolution(planned, layer, device)
        case Dense() as layer:
            return FullyConnected(planned.input_shape[0], layer, device)
        case MaxPool2d(size=size):
            return nn.MaxPool2d(size)
        case AvgPool2d(size=size):
            return nn.AvgPool2d(size)
        case GlobalAvgPool2d():
            return GlobalAverage()
        case Flatten():
            return nn.Flatten()
        case Dropout(rate=rate):
            return RunDropout(rate)
        case BatchNorm():
            channels, *sides = planned.input_shape
            return (MapNorm if sides else RowNorm)(channels, device=device)
        case _:
            raise TypeError(f"unknown layer {planned.layer!r}")


def _initialise(net: nn.Sequential, generator: Generator) -> None:
    """He before ReLU and its kin, Glorot otherwise; biases zero. (He et al. 2015; Glorot & Bengio 2010.)"""
    for module in net:
        if isinstance(module, Convolution | FullyConnected):
            if ACTIVATIONS[module.activation].first_weights == "he":
                nn.init.kaiming_normal_(module.weight, nonlinearity="relu", generator=generator)
            else:
                nn.init.xavier_uniform_(module.weight, generator=generator)
            assert module.bias is not None
            nn.init.zeros_(module.bias)
        elif isinstance(module, RowNorm | MapNorm):
            module.reset_running_stats()
            module.reset_parameters()
