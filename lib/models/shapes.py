"""What every layer makes of its input: names, shapes and costs, and why some lists cannot work.

Pure arithmetic on the configuration. `build_model` builds from the plan made here, so what the page shows and what is
trained cannot disagree.
"""

from lib.config import ModelConfig
from lib.layers import Dense
from lib.layers.conv2d import same_padding
from lib.layers.kind import Arrival, Mend, Planned, Shape, ShapeError, describe

__all__ = ["Mend", "Planned", "Shape", "ShapeError", "describe", "plan", "same_padding"]


def plan(model: ModelConfig, input_shape: Shape, classes: int) -> list[Planned]:
    """Follow `input_shape` `(C, H, W)` through every layer; the class layer comes last. Raises ShapeError."""
    planned: list[Planned] = []
    counts: dict[str, int] = {}
    shape = tuple(input_shape)
    for index, layer in enumerate((*model.layers, Dense(units=classes, activation="linear"))):
        counts[layer.stem] = counts.get(layer.stem, 0) + 1
        name = f"{layer.stem}{counts[layer.stem]}"
        try:
            out, parameters, multiply_adds = layer.follow(Arrival(index, name, shape, model.layers))
        except ShapeError as error:
            error.reached = planned
            raise
        planned.append(Planned(name, layer, shape, out, parameters, multiply_adds))
        shape = out
    return planned
