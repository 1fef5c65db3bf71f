"""Activations: everything that is known of each, in one record.

Set-ups, links, exported programs, the editor, the doctor and the tests read this table; a new activation is a new
record here. Its place in the table is its place in menus.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Generator, Tensor, nn
from torch.nn import functional

Array = NDArray[np.float64]
_LEAK = 0.01  # of leaky ReLU: its slope below zero


@dataclass(frozen=True, slots=True)
class Flat:
    """Where an activation lets hardly any gradient pass, so that what comes before it stops learning."""

    silent: Callable[[Tensor], Tensor] | None = None  # of the answers: which are silence
    slope: Callable[[Tensor], Tensor] | None = None  # of the answers: the slope there, as a share of the largest


@dataclass(frozen=True, slots=True)
class ActivationKind:
    """One activation; its key in the table is its name in set-ups and files."""

    title: str  # in menus and formulas
    said: str  # within a sentence
    heading: str  # where it stands alone: in a legend, on an axis
    mark: str  # in links, capital letters; "": the one that goes without saying
    apply: Callable[[Tensor], Tensor]
    apply_: Callable[[Tensor], Tensor]  # the same, in place where torch can
    backward: Callable[[Tensor, Tensor], Tensor] | None  # gradient at the answers, answers -> gradient at the sums
    value: Callable[[Array], Array]  # by hand, in double precision
    slope: Callable[[Array], Array]
    first_weights: Literal["he", "glorot"]  # of the layer before it (He et al. 2015; Glorot & Bengio 2010)
    flat: Flat | None  # None: nowhere
    torch_code: str  # as a module; "": none is needed
    keras_code: str  # what Keras takes as `activation=`
    above: str  # what it does to a sum {z} above zero, in words
    below: str  # ... and to one that is not
    silence: float = 0.0  # a sum that it answers with 0
    pools_first: bool = False  # max pooling before it changes no value and no gradient, not even a rounded one

    @property
    def bends(self) -> bool:
        """False for the one that changes nothing."""
        return bool(self.torch_code)

    @property
    def saturates(self) -> bool:
        """Whether its answers stay between two ends, where it is flat."""
        return self.flat is not None and self.flat.slope is not None

    @property
    def can_be_silent(self) -> bool:
        """Whether a unit can answer nothing to every picture."""
        return self.flat is not None and self.flat.silent is not None


def _as_it_is(values: Any) -> Any:
    return values


def _sigmoid(sums: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-sums)))


def _normal_share(sums: Array) -> Array:
    """How much of a standard normal curve lies below each sum (Hendrycks & Gimpel 2016)."""
    from scipy.special import ndtr  # type: ignore[import-untyped]  # with scikit-learn; a while to import

    return np.asarray(ndtr(sums))


ACTIVATIONS: dict[str, ActivationKind] = {
    "relu": ActivationKind(
        title="ReLU",
        said="ReLU",
        heading="ReLU",
        mark="",
        apply=torch.relu,
        apply_=torch.relu_,
        backward=lambda delta, h: torch.ops.aten.threshold_backward(delta, h, 0),
        value=lambda sums: np.maximum(sums, 0),
        slope=lambda sums: np.asarray(sums > 0, dtype=np.float64),
        first_weights="he",
        flat=Flat(silent=lambda y: y <= 0),
        torch_code="nn.ReLU()",
        keras_code='"relu"',
        above="ReLU keeps it: above zero",
        below="ReLU: below zero becomes 0",
        pools_first=True,
    ),
    "sigmoid": ActivationKind(
        title="sigmoid",
        said="sigmoid",
        heading="Sigmoid",
        mark="S",
        apply=torch.sigmoid,
        apply_=torch.sigmoid_,
        backward=torch.ops.aten.sigmoid_backward,
        value=_sigmoid,
        slope=lambda sums: _sigmoid(sums) * (1 - _sigmoid(sums)),
        first_weights="glorot",
        flat=Flat(slope=lambda y: 4 * y * (1 - y)),
        torch_code="nn.Sigmoid()",
        keras_code='"sigmoid"',
        above="sigmoid({z})",
        below="sigmoid({z})",
        silence=-torch.inf,
    ),
    "tanh": ActivationKind(
        title="tanh",
        said="tanh",
        heading="Tanh",
        mark="T",
        apply=torch.tanh,
        apply_=torch.tanh_,
        backward=torch.ops.aten.tanh_backward,
        value=lambda sums: np.asarray(np.tanh(sums)),
        slope=lambda sums: 1 - np.tanh(sums) ** 2,
        first_weights="glorot",
        flat=Flat(slope=lambda y: 1 - y.square()),
        torch_code="nn.Tanh()",
        keras_code='"tanh"',
        above="tanh({z})",
        below="tanh({z})",
    ),
    "leaky_relu": ActivationKind(
        title="leaky ReLU",
        said="leaky ReLU",
        heading="Leaky ReLU",
        mark="LR",
        apply=lambda sums: functional.leaky_relu(sums, _LEAK),
        apply_=lambda sums: functional.leaky_relu_(sums, _LEAK),
        backward=lambda delta, h: torch.ops.aten.leaky_relu_backward(delta, h, _LEAK, True),
        value=lambda sums: np.maximum(sums, _LEAK * sums),
        slope=lambda sums: np.where(sums > 0, 1.0, _LEAK),
        first_weights="he",
        flat=None,  # a hundredth of the gradient passes everywhere: that is what it is for (Maas et al. 2013)
        torch_code=f"nn.LeakyReLU({_LEAK})",
        keras_code=f"layers.LeakyReLU(negative_slope={_LEAK})",  # Keras' own takes 0.3
        above="leaky ReLU keeps it: above zero",
        below="leaky ReLU: a hundredth of what lies below zero",
    ),
    "gelu": ActivationKind(
        title="GELU",
        said="GELU",
        heading="GELU",
        mark="G",
        apply=functional.gelu,
        apply_=functional.gelu,
        backward=None,  # two sums have the same answer
        value=lambda sums: sums * _normal_share(sums),
        slope=lambda sums: _normal_share(sums) + sums * np.exp(-(sums**2) / 2) / np.sqrt(2 * np.pi),
        first_weights="he",
        flat=Flat(
            silent=lambda y: y.abs() < 0.001,
        ),
        torch_code="nn.GELU()",
        keras_code='"gelu"',
        above="GELU: {z} times the share of a normal curve below it",
        below="GELU: {z} times the share of a normal curve below it",
    ),
    "linear": ActivationKind(
        title="linear",
        said="no activation",
        heading="None",
        mark="L",
        apply=_as_it_is,
        apply_=_as_it_is,
        backward=lambda delta, _: delta,
        value=_as_it_is,
        slope=np.ones_like,
        first_weights="glorot",
        flat=None,
        torch_code="",
        keras_code="",
        above="linear: passed on as it is",
        below="linear: passed on as it is",
    ),
}

if TYPE_CHECKING:
    Activation = str
else:  # what is allowed is what stands in the table
    Activation = Literal[tuple(ACTIVATIONS)]

# What links say of each; ReLU, the usual one, may be said too.
_MARKS = {kind.mark: name for name, kind in ACTIVATIONS.items()} | {"R": "relu"}
MARK = "(" + "|".join(sorted(filter(None, _MARKS), key=len, reverse=True)) + ")?"


def of_mark(marks: str) -> Activation:
    """The activation that the capital letters among a link's `marks` stand for."""
    return _MARKS["".join(filter(str.isupper, marks))]


def draw_weights(module: nn.Module, activation: Activation, generator: Generator) -> None:
    """Fill a module's weights as this activation wants them, and its biases with zeros."""
    assert isinstance(module, nn.Conv2d | nn.Linear)
    assert module.bias is not None
    if ACTIVATIONS[activation].first_weights == "he":
        nn.init.kaiming_normal_(module.weight, nonlinearity="relu", generator=generator)
    else:
        nn.init.xavier_uniform_(module.weight, generator=generator)
    nn.init.zeros_(module.bias)


def torch_lines(layer: str, activation: Activation) -> list[str]:
    """The line of a PyTorch program after a layer's own, if one is needed."""
    code = ACTIVATIONS[activation].torch_code
    return [f"{layer}_{activation}={code},"] if code else []


def keras_options(activation: Activation) -> str:
    """What a Keras layer takes; those that want He's weights come with them, under the activation's name."""
    kind = ACTIVATIONS[activation]
    if kind.first_weights == "he":
        return f"**{activation}, "
    return f"activation={kind.keras_code}, " if kind.bends else ""  # Glorot is what Keras does anyway
