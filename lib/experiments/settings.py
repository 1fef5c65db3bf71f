"""The settings that a sweep can vary: their choices, and how each is written into a set-up."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import JsonValue

from lib.config import ACTIVATIONS, BATCH_SIZES, LEARNING_RATES, OPTIMIZERS, SCHEDULES, Conv2d, Dense, RunConfig
from lib.experiments.designs import ACTIVATION_NAMES, OPTIMIZER_NAMES, with_activation, with_train
from lib.telling import Refusal, told

Value = JsonValue  # a number or a name


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing that a sweep can vary."""

    title: str
    choices: tuple[Any, ...]
    first: tuple[Any, ...]  # what is offered at first
    put: Callable[[RunConfig, Any], RunConfig]
    show: Callable[[Any], str] = str
    ordered: bool = True  # larger and smaller mean something


def rate_text(rate: float) -> str:
    """0.00001 as it is said, not as 1e-05."""
    return f"{rate:.10f}".rstrip("0").rstrip(".") or "0"


def _in_train(name: str) -> Callable[[RunConfig, Any], RunConfig]:
    return lambda config, value: with_train(config, **{name: value})


def _with_layers(config: RunConfig, kind: type, size: str, value: int) -> RunConfig:
    """Give the layers of one kind `value` filters or units; ValueError if there are none."""
    if not any(isinstance(layer, kind) for layer in config.model.layers):
        what = "convolution" if kind is Conv2d else "hidden dense layer"
        message = f"This net has no {what} whose {size} could be varied. Choose another net or setting."
        raise Refusal(message, told("refused.no_convolution" if kind is Conv2d else "refused.no_hidden_dense"))
    layers = [
        (vars(layer) if not isinstance(layer, kind) else vars(layer) | {size: value}) for layer in config.model.layers
    ]
    return config.model_copy(update={"model": type(config.model).model_validate({"layers": layers})})


SETTINGS: dict[str, Setting] = {
    "rate": Setting(
        "Learning rate",
        LEARNING_RATES,
        (0.0003, 0.001, 0.003, 0.01, 0.03),
        _in_train("learning_rate"),
        rate_text,
    ),
    "batch": Setting("Batch size", BATCH_SIZES, (8, 32, 128), _in_train("batch_size")),
    "optimizer": Setting(
        "Optimizer",
        OPTIMIZERS,
        ("sgd", "momentum", "adam"),
        _in_train("optimizer"),
        lambda name: OPTIMIZER_NAMES[name],
        ordered=False,
    ),
    "decay": Setting(
        "Weight decay", (0.0, 0.0001, 0.001, 0.01, 0.1), (0.0, 0.001, 0.1), _in_train("weight_decay"), rate_text
    ),
    "schedule": Setting("Schedule", SCHEDULES, SCHEDULES, _in_train("schedule"), ordered=False),
    "activation": Setting(
        "Activation",
        ACTIVATIONS,
        ACTIVATIONS,
        lambda config, name: config.model_copy(update={"model": with_activation(config.model, name)}),
        lambda name: ACTIVATION_NAMES[name],
        ordered=False,
    ),
    "filters": Setting(
        "Filters of each convolution",
        (2, 4, 8, 16, 32, 64),
        (4, 8, 16),
        lambda config, value: _with_layers(config, Conv2d, "filters", value),
    ),
    "units": Setting(
        "Units of each dense layer",
        (4, 8, 16, 32, 64, 128, 256),
        (8, 32, 128),
        lambda config, value: _with_layers(config, Dense, "units", value),
    ),
    "pictures": Setting(
        "Training pictures",
        (100, 300, 1_000, 3_000, 10_000),
        (100, 300, 1_000),
        lambda config, value: config.model_copy(update={"data": config.data.model_copy(update={"train_size": value})}),
        lambda value: f"{value:,}",
    ),
}
