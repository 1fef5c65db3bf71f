"""From a configuration to an `nn.Sequential` with one named module a layer."""

from collections import OrderedDict

import torch
from torch import nn

from lib.config import ModelConfig
from lib.layers.batch_norm import MapNorm as MapNorm
from lib.layers.batch_norm import RowNorm as RowNorm
from lib.layers.conv2d import Convolution as Convolution
from lib.layers.dense import FullyConnected as FullyConnected
from lib.layers.dropout import RunDropout as RunDropout
from lib.layers.global_avg_pool2d import GlobalAverage as GlobalAverage
from lib.models.shapes import Shape, plan


def build_model(
    model: ModelConfig, input_shape: Shape, classes: int, seed: int = 0, *, device: torch.device | str = "cpu"
) -> nn.Sequential:
    """Build the net and draw its first weights from `seed`.

    The modules are named as in `summarize` (`conv1`, `pool1`, `dense1`, ...); the last one is the implied class layer.
    The forward pass takes `(N, C, H, W)` and returns logits `(N, classes)`. Raises ShapeError when a layer cannot work.
    """
    # Built without weights, then filled: torch's own initialisation would draw from the process-wide generator.
    steps = plan(model, input_shape, classes)
    net = nn.Sequential(OrderedDict((step.name, step.layer.module(step.input_shape, "meta")) for step in steps))
    net = net.to_empty(device=device)
    generator = torch.Generator().manual_seed(seed)
    for step, module in zip(steps, net, strict=True):
        step.layer.draw(module, generator)
    return net
