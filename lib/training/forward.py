"""The forward pass of training: what the net says, with less work where the numbers stay the same."""

from itertools import pairwise

import torch
from torch import Tensor, nn

from lib.models.build import Convolution


def forward(model: nn.Module, x: Tensor) -> Tensor:
    """Give `model(x)`, with max pooling before ReLU where it follows a convolution.

    Both keep the largest of several numbers, so their order changes no value and no gradient; but pooling first leaves
    ReLU a quarter of the numbers. Whoever looks into the net calls the model itself and sees ReLU before pooling.
    """
    if not isinstance(model, nn.Sequential):
        answers: Tensor = model(x)
        return answers
    rectify = False
    for layer, following in pairwise([*model, None]):
        pool_first = isinstance(following, nn.MaxPool2d) and _rectifies(layer)
        x = layer.before_activation(x) if pool_first else layer(x)
        if rectify:
            x = torch.relu(x)
        rectify = pool_first
    return x


def _rectifies(layer: nn.Module | None) -> bool:
    return isinstance(layer, Convolution) and layer.activation == "relu"
