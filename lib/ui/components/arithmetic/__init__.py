"""How one number is made, under the pointer; see `arithmetic`."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from lib.explain.terms import Arithmetic, ConvolutionSum, FlattenedRow, PoolingWindow, Stack, WeightedSum
from lib.ui.components import register
from lib.ui.words.field import activation_does


def arithmetic(*, key: str, number: dict[str, Any] | None, step: int | None = None) -> None:
    """Show how the numbers of one map or unit are made; moving over it needs no trip to the server.

    number: what `encode_arithmetic` gives, or None while nothing is chosen
    step: the iteration the weights belong to

    The position under the pointer is kept in the browser: newer numbers of the same map are shown at the same place.
    The section carries them in full precision: `data-row`, `data-column` (from 0), `data-sum`, `data-bias`,
    `data-value`, `data-step`.
    """
    register("arithmetic")(key=key, data={"number": number, "step": step})


def encode_arithmetic(
    made: Arithmetic, layer: str, index: int, *, highest: float = 1.0, classes: Sequence[str] = ()
) -> dict[str, Any]:
    """Return the arithmetic of map or unit `index` (from 0) of `layer` as `arithmetic` wants it.

    highest: the value of a white pixel, where the picture itself is the source
    classes: names of the answers, for the class layer
    """
    known = {"kind": made.kind, "layer": layer, "index": index, "highest": highest}
    match made:
        case ConvolutionSum():
            return known | _convolution(made)
        case PoolingWindow():
            return known | {
                "sourceLayer": made.source_layer,
                "source": _floats(made.source[None]),
                "size": list(made.size),
                "keeps": made.keeps,
                "maximum": _floats(made.maximum),
                "average": _floats(made.average),
                "dropped": list(made.dropped),
            }
        case FlattenedRow():
            return known | {"values": _floats(made.values), "stack": _stack(made.stack)}
        case WeightedSum():
            return known | _weighted_sum(made, classes)


def _convolution(made: ConvolutionSum) -> dict[str, Any]:
    return {
        "sourceLayer": made.source_layer,
        "source": _floats(made.source),
        "first": made.first,
        "weights": _floats(made.weights),
        "bias": _finite(made.bias),
        "stride": made.stride,
        "padding": list(made.padding),
        "says": activation_does(made.activation),
        "after": _floats(made.after),
    }


def _weighted_sum(made: WeightedSum, classes: Sequence[str]) -> dict[str, Any]:
    softmax = made.softmax
    return {
        "sourceLayer": made.source_layer,
        "inputs": _floats(made.inputs),
        "weights": _floats(made.weights),
        "bias": _finite(made.bias),
        "says": activation_does(made.activation),
        "after": _finite(made.after),
        "stack": None if made.stack is None else _stack(made.stack),
        "softmax": softmax
        and {
            "classes": list(classes),
            "shift": _finite(softmax.shift),
            "logits": [_finite(value) for value in softmax.logits],
            "exponentials": [_finite(value) for value in softmax.exponentials],
            "probabilities": [_finite(value) for value in softmax.probabilities],
        },
    }


def _stack(stack: Stack) -> dict[str, Any]:
    return {"shape": list(stack.shape), "layer": stack.layer}


def _floats(values: ArrayLike) -> dict[str, Any]:
    """An array of little-endian float32, with its shape."""
    array = np.nan_to_num(np.asarray(values, dtype="<f4"))
    return {"shape": list(array.shape), "data": array}


def _finite(value: float) -> float:
    """JSON has no NaN and no infinity."""
    return float(np.nan_to_num(value))
