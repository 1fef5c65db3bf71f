"""Which maps and units of one shown layer feed those of the next, as `feature_maps` draws its lines."""

from itertools import pairwise
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from lib.explain.connections import kernel_strengths, strongest_inputs
from lib.models.build import Convolution, FullyConnected

_MOST_KERNELS = 65_536  # strengths sent for one layer, a byte each
_MOST_INPUTS = 8  # lines into one unit


def feeding(model: nn.Sequential, shown: list[str], activations: dict[str, Tensor]) -> dict[str, dict[str, Any]]:
    """Say for each layer of `shown`, and for the class layer, how its numbers hang on the shown layer before.

    activations: what every module of the net answered to the picture. Kinds of links: "kernels" (all maps, `strengths`
    of 0..255 for each pair, filter by filter), "all" (as many but too many to send), "same" (map to map), "flatten"
    (`area` numbers from each map) and "inputs" (`each` of them for every unit, their `positions` and `strengths`).
    """
    names = [name for name, _ in model.named_children()]
    before = dict(pairwise(names))
    arriving = {after: activations[name] for name, after in before.items()}
    return {name: _links(model.get_submodule(name), arriving.get(name)) for name in dict.fromkeys([*shown, names[-1]])}


def _links(module: nn.Module, arriving: Tensor | None) -> dict[str, Any]:
    match module:
        case Convolution() if module.groups > 1 and module.groups == module.out_channels:
            return {"kind": "same"}
        case Convolution() if module.out_channels * module.in_channels <= _MOST_KERNELS:
            return {"kind": "kernels", "strengths": _as_bytes(kernel_strengths(module))}
        case Convolution():
            return {"kind": "all"}
        case FullyConnected() if arriving is not None:
            positions, products = strongest_inputs(module, arriving, _MOST_INPUTS)
            sizes = products.abs().nan_to_num()
            shares = sizes / sizes.amax(dim=1, keepdim=True).clamp_min(torch.finfo(sizes.dtype).tiny)
            short = np.uint16 if arriving.numel() <= np.iinfo(np.uint16).max else np.uint32
            places = positions.numpy().astype(short).ravel()
            return {"kind": "inputs", "each": positions.shape[1], "positions": places, "strengths": _as_bytes(shares)}
        case nn.Flatten() if arriving is not None:
            return {"kind": "flatten", "area": arriving.shape[1] * arriving.shape[2]}
        case _:
            return {"kind": "same"}


def _as_bytes(shares: Tensor) -> NDArray[np.uint8]:
    return (shares.nan_to_num() * 255).round().to(torch.uint8).numpy().ravel()
