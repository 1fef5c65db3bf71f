"""The experiments: which runs each one is made of. All that is not compared stays equal.

Equal seeds give equal batches in equal order, and equal first weights wherever two nets have a layer of the same shape
and activation.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from lib.activations import ACTIVATIONS
from lib.config import MAX_EPOCHS, Activation, ModelConfig, Optimizer, RunConfig
from lib.experiments.matching import dense_like, dense_net, has_convolution
from lib.experiments.records import Planned
from lib.models import DEFAULT_PRESET, preset
from lib.models.shapes import Shape
from lib.optimizers import OPTIMIZERS
from lib.telling import Refusal, told
from lib.training.batches import steps_per_epoch

Fairness = Literal["time", "parameters", "multiply-adds"]

FAIREST: tuple[Fairness, ...] = ("time", "parameters", "multiply-adds")
USUAL_RATES: dict[Optimizer, float] = {name: kind.usual_rate for name, kind in OPTIMIZERS.items()}
CNN, DENSE = "CNN", "Dense net"
OPTIMIZER_NAMES: dict[Optimizer, str] = {name: kind.heading for name, kind in OPTIMIZERS.items()}
ACTIVATION_NAMES: dict[Activation, str] = {name: kind.heading for name, kind in ACTIVATIONS.items()}
_DENSE_WIDTH = 128  # of the dense net at equal time, as in the articles


@dataclass(frozen=True, slots=True)
class Kind:
    """One sort of experiment; what it asks and what its members share is said by the interface."""

    title: str
    at_once: int  # members under way together


KINDS: dict[str, Kind] = {
    "rates": Kind("Learning-rate race", 6),
    "dense-cnn": Kind("Dense against CNN", 2),
    "optimizers": Kind("Optimizers", 5),
    "activations": Kind("Activations", 4),
    "data": Kind("How much data", 4),
    "batches": Kind("Batch size", 4),
}

FINALISTS = "finalists"  # what a sweep leads to: it is no choice of its own
ALL_KINDS = KINDS | {FINALISTS: Kind("The best of a sweep", 4)}


def from_seeds(planned: Sequence[Planned], seeds: int) -> list[Planned]:
    """The same members, each from several seeds: seed by seed, so that a first comparison is there early."""
    return [
        each.model_copy(update={"label": f"seed {seed}", "config": each.config.model_copy(update={"seed": seed})})
        for more in range(seeds)
        for each in planned
        for seed in [each.config.seed + more]
    ]


def rate_race(base: RunConfig, rates: Sequence[float]) -> list[Planned]:
    """The same run at several learning rates, the smallest first."""
    return [_one(f"{_plain(rate)}", with_train(base, learning_rate=rate), rate=rate) for rate in sorted(set(rates))]


def dense_against_cnn(
    base: RunConfig,
    fairness: Fairness,
    input_shape: Shape,
    classes: int,
    *,
    seeds: int = 3,
    seconds: float = 3.0,
) -> list[Planned]:
    """A CNN (that of `base`, if it has one) and a dense net that costs as much, each from several seeds.

    At equal time every run trains for `seconds`. ValueError in plain words if no dense net costs as much.
    """
    cnn = base.model if has_convolution(base.model) else preset(DEFAULT_PRESET).model
    if fairness == "time":
        dense = dense_net(_DENSE_WIDTH) if has_convolution(base.model) else base.model
        base = with_train(base, time_budget=seconds, epochs=MAX_EPOCHS)
    else:
        cost: Literal["parameters", "multiply_adds"] = "parameters" if fairness == "parameters" else "multiply_adds"
        dense = dense_like(cnn, input_shape, classes, cost)
        base = with_train(base, time_budget=None)
    nets: tuple[tuple[str, ModelConfig], ...] = ((CNN, cnn), (DENSE, dense))
    return from_seeds([_one(name, base.model_copy(update={"model": model})) for name, model in nets], seeds)


def optimizer_contest(base: RunConfig, names: Sequence[Optimizer], *, usual_rates: bool) -> list[Planned]:
    """The same run with several optimizers: each at its usual rate, or all at that of `base`."""
    rates = {name: USUAL_RATES[name] if usual_rates else base.train.learning_rate for name in names}
    return [
        _one(
            f"{OPTIMIZER_NAMES[name]} at {_plain(rates[name])}" if usual_rates else OPTIMIZER_NAMES[name],
            with_train(base, optimizer=name, learning_rate=rates[name]),
            rate=rates[name],
        )
        for name in names
    ]


def activation_contest(base: RunConfig, names: Sequence[Activation]) -> list[Planned]:
    """The same net with other activations in every hidden layer. ValueError if it has none to change."""
    if not any(layer.bend for layer in base.model.layers):
        message = "This net has no hidden layer with an activation. Choose another net."
        raise Refusal(message, told("refused.no_bend"))
    return [
        _one(
            ACTIVATIONS[name].heading if ACTIVATIONS[name].bends else ACTIVATIONS[name].said,
            base.model_copy(update={"model": with_activation(base.model, name)}),
        )
        for name in names
    ]


def data_contest(base: RunConfig, sizes: Sequence[int]) -> list[Planned]:
    """The same net on fewer and more pictures, for as many iterations as the largest set takes in `base`'s epochs."""
    train = base.train
    most = base.train.epochs * steps_per_epoch(max(sizes), train.batch_size)
    found = []
    for size in sorted(set(sizes)):
        epochs = min(max(round(most / steps_per_epoch(size, train.batch_size)), 1), MAX_EPOCHS)
        data = base.data.model_copy(update={"train_size": size})
        config = with_train(base.model_copy(update={"data": data}), epochs=epochs)
        found.append(_one(f"{size:,} pictures", config, pictures=size))
    return found


def batch_contest(base: RunConfig, sizes: Sequence[int]) -> list[Planned]:
    """The same run with smaller and larger batches."""
    return [_one(f"batch size {size}", with_train(base, batch_size=size), batch=size) for size in sorted(set(sizes))]


def with_train(base: RunConfig, **changed: Any) -> RunConfig:
    """`base` with other settings of training, checked."""
    values = base.train.model_dump() | changed
    return base.model_copy(update={"train": type(base.train).model_validate(values)})


def with_activation(model: ModelConfig, name: str) -> ModelConfig:
    """`model` with this activation in every hidden layer that has one."""
    layers = [
        layer | {"activation": name} if "activation" in layer else layer for layer in model.model_dump()["layers"]
    ]
    return ModelConfig.model_validate({"layers": layers})


def _one(panel: str, config: RunConfig, **values: Any) -> Planned:
    return Planned(panel=panel, label="", config=config, values=values)


def _plain(rate: float) -> str:
    """0.00001 as it is said, not as 1e-05."""
    return f"{rate:.10f}".rstrip("0").rstrip(".")
