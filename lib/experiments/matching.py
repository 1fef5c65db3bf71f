"""Dense nets that cost what a convolutional net costs, so that the two can be compared."""

from collections.abc import Callable
from typing import Literal

from lib.config import Dense, Flatten, ModelConfig
from lib.models import Summary, summarize
from lib.models.shapes import Shape
from lib.telling import Refusal, told

Cost = Literal["parameters", "multiply_adds"]

_WIDEST = 4096  # what `Dense` allows
_CLOSE = 0.1  # a dense net within this share of the wanted cost counts as equal


def has_convolution(model: ModelConfig) -> bool:
    """True if it is a convolutional net."""
    return any(layer.convolves for layer in model.layers)


def dense_net(width: int, layers: int = 1) -> ModelConfig:
    """Flatten, then `layers` dense layers of `width` units with ReLU."""
    return ModelConfig(layers=(Flatten(), *[Dense(width)] * layers))


def dense_like(cnn: ModelConfig, input_shape: Shape, classes: int, cost: Cost) -> ModelConfig:
    """The dense net of one or two equal hidden layers whose cost comes closest to that of `cnn`.

    ValueError in plain words if none within the limits costs about as much.
    """
    wanted = _cost_of(summarize(cnn, input_shape, classes), cost)
    best: ModelConfig | None = None
    off = float("inf")
    for layers in (1, 2):

        def costs(width: int, layers: int = layers) -> int:
            return _cost_of(summarize(dense_net(width, layers), input_shape, classes), cost)

        width = _width_of(wanted, costs)
        for near in {max(width - 1, 1), width}:
            if abs(costs(near) - wanted) < off:
                best, off = dense_net(near, layers), abs(costs(near) - wanted)
        if off <= _CLOSE * wanted:
            break  # one hidden layer will do
    if best is None or off > _CLOSE * wanted:
        what = "parameters" if cost == "parameters" else "multiply-adds a picture"
        raise Refusal(
            f"No dense net that Glasshouse builds has about {wanted:,} {what}, as this CNN has. "
            "Compare at equal time, or choose another net.",
            told(f"refused.no_dense_{cost}", wanted=wanted),
        )
    return best


def _cost_of(summary: Summary, cost: Cost) -> int:
    return summary.parameters if cost == "parameters" else summary.multiply_adds


def _width_of(wanted: int, costs: Callable[[int], int]) -> int:
    """The smallest width that costs at least `wanted`; the widest one if none does."""
    low, high = 1, _WIDEST
    while low < high:
        middle = (low + high) // 2
        if costs(middle) < wanted:
            low = middle + 1
        else:
            high = middle
    return low
