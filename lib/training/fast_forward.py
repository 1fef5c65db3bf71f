"""The forward pass of training: what the net says, with less work where the numbers stay the same."""

from collections.abc import Callable, Collection
from itertools import pairwise

from torch import Tensor, nn

from lib.models.build import Convolution
from lib.training.convolution import sums_by_rows


def forward(model: nn.Module, x: Tensor, by_rows: Collection[str] = ()) -> Tensor:
    """Give `model(x)`, with max pooling before ReLU where it follows a convolution.

    Both keep the largest of several numbers, so their order changes no value and no gradient; but pooling first leaves
    ReLU a quarter of the numbers. Whoever looks into the net calls the model itself and sees ReLU before pooling.

    by_rows: names of the convolutions whose weight gradient is to be one matrix product (`lib.training.convolution`)
    """
    if not isinstance(model, nn.Sequential):
        answers: Tensor = model(x)
        return answers
    layers = list(model.named_children())
    put_off: Callable[[Tensor], Tensor] | None = None
    for (name, layer), (_, following) in pairwise([*layers, ("", nn.Identity())]):
        if isinstance(layer, Convolution):
            x = sums_by_rows(layer, x) if name in by_rows else layer.before_activation(x)
            if layer.pools_first and isinstance(following, nn.MaxPool2d):
                put_off = layer.activate
            else:
                x = layer.activate(x)
            continue
        x = layer(x)
        if put_off:
            x, put_off = put_off(x), None
    return x
