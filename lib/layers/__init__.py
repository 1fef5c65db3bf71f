"""Layers: everything that is known of each kind, one module a kind.

Set-ups, links, the plan of a net, exported programs, reports, the editor and the tests read this table; its order is
that of the editor's menu.
"""

from lib.layers.avg_pool2d import AvgPool2d
from lib.layers.batch_norm import BatchNorm
from lib.layers.conv2d import Conv2d
from lib.layers.dense import Dense
from lib.layers.dropout import Dropout
from lib.layers.flatten import Flatten
from lib.layers.global_avg_pool2d import GlobalAvgPool2d
from lib.layers.kind import LayerKind
from lib.layers.max_pool2d import MaxPool2d

_KINDS: tuple[type[LayerKind], ...] = (
    Conv2d,
    MaxPool2d,
    AvgPool2d,
    GlobalAvgPool2d,
    Flatten,
    Dense,
    Dropout,
    BatchNorm,
)
LAYERS: dict[str, type[LayerKind]] = {kind.__dataclass_fields__["kind"].default: kind for kind in _KINDS}  # type: ignore[attr-defined]

__all__ = [
    "LAYERS",
    "AvgPool2d",
    "BatchNorm",
    "Conv2d",
    "Dense",
    "Dropout",
    "Flatten",
    "GlobalAvgPool2d",
    "LayerKind",
    "MaxPool2d",
]
