"""The only importer of torchvision: guards wheels that cannot load their operators beside this torch.

A torchvision built for CUDA finds no `_C` library beside a CPU-only torch and then fails at import, because it
registers a shape rule for an operator that nobody declared (a known upstream bug). Only Python parts of
torchvision are used here, so declaring the two operators without code is enough.
"""

import torch

_KNOWN = "operator torchvision::nms does not exist"
_SCHEMA = "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor"

try:
    import torchvision
except RuntimeError as error:
    if str(error) != _KNOWN:
        raise
    # Kept in a global: the declarations go when the fragment is collected.
    _fragment = torch.library.Library("torchvision", "FRAGMENT")  # type: ignore[no-untyped-call]
    for _operator in ("nms", "qnms"):
        _fragment.define(_operator + _SCHEMA)  # type: ignore[no-untyped-call]
    import torchvision

from torchvision import datasets  # noqa: E402
from torchvision.transforms import v2  # noqa: E402
from torchvision.transforms.v2 import functional  # noqa: E402

__all__ = ["datasets", "functional", "torchvision", "v2"]
