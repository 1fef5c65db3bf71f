"""Layers: everything that is known of each kind, one module a kind.

Set-ups, links, the plan of a net, exported programs, reports, the editor and the tests read this table; its order is
that of the editor's menu.
"""

from lib.layers.avg_pool2d import AvgPool2d
from lib.layers.batch_norm import BatchNorm
from lib.layers.conv2d import Conv2d
from lib.layers.dense import Dense
from lib.layers.depthwise_conv2d import DepthwiseConv2d
from lib.layers.dropout import Dropout
from lib.layers.flatten import Flatten
from lib.layers.global_avg_pool2d import GlobalAvgPool2d
from lib.layers.kind import LayerKind
from lib.layers.max_pool2d import MaxPool2d

LAYERS: dict[str, type[LayerKind]] = {
    "conv2d": Conv2d,
    "depthwise_conv2d": DepthwiseConv2d,
    "max_pool2d": MaxPool2d,
    "avg_pool2d": AvgPool2d,
    "global_avg_pool2d": GlobalAvgPool2d,
    "flatten": Flatten,
    "dense": Dense,
    "dropout": Dropout,
    "batch_norm": BatchNorm,
}

__all__ = [
    "LAYERS",
    "AvgPool2d",
    "BatchNorm",
    "Conv2d",
    "Dense",
    "DepthwiseConv2d",
    "Dropout",
    "Flatten",
    "GlobalAvgPool2d",
    "LayerKind",
    "MaxPool2d",
]
