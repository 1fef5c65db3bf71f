"""The forward pass of training: what the net says, with less work where the numbers stay the same."""

from itertools import pairwise

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
    put_off = None
    for layer, following in pairwise([*model, None]):
        if isinstance(layer, Convolution) and layer.pools_first and isinstance(following, nn.MaxPool2d):
            x, put_off = layer.before_activation(x), layer.activate
            continue
        x = layer(x)
        if put_off:
            x, put_off = put_off(x), None
    return x
