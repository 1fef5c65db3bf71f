"""Which numbers of a layer feed which of the next, and how strongly."""

import torch
from torch import Tensor, nn

from lib.models.build import Convolution, FullyConnected


def kernel_strengths(module: Convolution) -> Tensor:
    """How much each map of a convolution takes from each map before it, `(filters, channels)`, 1 for the most.

    The size of a kernel is the root of the sum of its squared weights.
    """
    sizes = module.weight.detach().square().sum(dim=(2, 3)).sqrt()
    return sizes / sizes.max().clamp_min(torch.finfo(sizes.dtype).tiny)


def strongest_inputs(module: FullyConnected, inputs: Tensor, most: int) -> tuple[Tensor, Tensor]:
    """The inputs `(N,)` that move each unit most: positions and products, both `(units, at most `most`)`."""
    products = module.weight.detach() * inputs
    positions = products.abs().topk(min(most, products.shape[1]), dim=1).indices
    return positions, products.gather(1, positions)


def picture_or_layer_before(model: nn.Sequential, layer: str) -> str | None:
    """The name of the module before `layer`; None if the picture itself arrives there."""
    names = [name for name, _ in model.named_children()]
    place = names.index(layer)
    return names[place - 1] if place else None
