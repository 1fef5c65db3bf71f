"""The table of a model: what comes out of each layer and what it costs, without allocating a weight."""

from dataclasses import dataclass

from lib.config import ModelConfig
from lib.models.shapes import Shape, plan


@dataclass(frozen=True, slots=True)
class Row:
    """One layer. `output_shape` is without the batch; `multiply_adds` are per image."""

    name: str
    kind: str
    output_shape: Shape
    parameters: int
    multiply_adds: int


@dataclass(frozen=True, slots=True)
class Summary:
    """All layers, the implied class layer last."""

    rows: tuple[Row, ...]

    @property
    def parameters(self) -> int:
        """Trainable numbers of the whole net."""
        return sum(row.parameters for row in self.rows)

    @property
    def multiply_adds(self) -> int:
        """Multiplications-with-addition for one image, forward."""
        return sum(row.multiply_adds for row in self.rows)


def summarize(model: ModelConfig, input_shape: Shape, classes: int) -> Summary:
    """Tabulate `model` for pictures of `input_shape` `(C, H, W)`. Raises ShapeError when a layer cannot work."""
    return Summary(
        tuple(
            Row(step.name, step.layer.kind, step.output_shape, step.parameters, step.multiply_adds)
            for step in plan(model, input_shape, classes)
        )
    )
