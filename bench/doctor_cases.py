"""The runs that the doctor is tried on: sick ones, each with one thing planted, and their sound twins without it.

Every case is drawn from its own seed. Even ones were looked at while the rules were written; the odd ones, other
draws of net, data, optimizer and seed, were only counted at the end.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass

from lib.config import (
    LEARNING_RATES,
    BatchNorm,
    Conv2d,
    DataConfig,
    Dense,
    Dropout,
    Flatten,
    MaxPool2d,
    ModelConfig,
    RunConfig,
    TrainConfig,
)
from lib.experiments.designs import USUAL_RATES

EACH = 8  # cases of every plant


@dataclass(frozen=True, slots=True)
class Case:
    """One sick set-up, and the same without what was planted."""

    plant: str
    number: int
    sick: RunConfig
    sound: RunConfig

    @property
    def is_held_out(self) -> bool:
        """Whether the rules were written without a look at it."""
        return self.number % 2 == 1


def all_cases() -> list[Case]:
    """Every case of every plant, the same each time."""
    return [_case(plant, number) for plant in PLANTS for number in range(EACH)]


def _case(plant: str, number: int) -> Case:
    draw = random.Random(f"{plant} {number}")
    base = _base(draw)
    sick, sound = PLANTS[plant](draw, base)
    return Case(plant, number, _checked(sick), _checked(sound))


def _checked(config: RunConfig) -> RunConfig:
    return RunConfig.model_validate(config.model_dump())


# ---- what is usual ----

_EPOCHS = {"digits": 14, "doodles": 9, "fashion-mnist": 4}
_SIZES = {"digits": None, "doodles": 1_000, "fashion-mnist": 2_500}


def _base(draw: random.Random) -> RunConfig:
    name = draw.choice(["digits", "digits", "doodles", "doodles", "fashion-mnist"])
    optimizer = draw.choice(["sgd", "momentum", "adam", "adam", "adamw", "rmsprop"])
    train = TrainConfig(
        optimizer=optimizer,
        learning_rate=USUAL_RATES[optimizer],
        epochs=_EPOCHS[name],
        batch_size=draw.choice([16, 32, 32]),
        schedule=draw.choice(["constant", "constant", "cosine"]),
        precision="fp32",
    )
    data = DataConfig(name=name, train_size=_SIZES[name])
    return RunConfig(data=data, model=ModelConfig(layers=_net(draw)), train=train, seed=draw.randrange(1_000))


def _net(draw: random.Random) -> tuple:
    wide, narrow = draw.choice([32, 48, 64, 100, 128]), draw.choice([24, 32, 48])
    filters = draw.choice([4, 6])
    conv = (Conv2d(filters), MaxPool2d(), Conv2d(filters + 4), MaxPool2d(), Flatten(), Dense(narrow))
    return draw.choice(
        [
            (Flatten(), Dense(wide)),
            (Flatten(), Dense(wide), Dense(narrow)),
            (Flatten(), Dense(wide, "tanh")),
            (Flatten(), Dense(wide, "tanh"), Dense(narrow, "tanh")),
            (Flatten(), Dense(wide, "sigmoid")),
            (Flatten(), Dense(wide), Dropout(0.2)),
            (Flatten(), BatchNorm(), Dense(wide)),
            (Conv2d(filters), BatchNorm(), MaxPool2d(), Flatten(), Dense(narrow)),
            conv,
        ]
    )


def _changed(config: RunConfig, part: str, **values: object) -> RunConfig:
    return config.model_copy(update={part: getattr(config, part).model_copy(update=values)})


# ---- what is planted: (sick, sound) ----


def _deep(draw: random.Random, base: RunConfig) -> tuple[RunConfig, RunConfig]:
    depth, units = draw.choice([4, 5, 6, 8]), draw.choice([16, 32, 64])
    activation = draw.choice(["sigmoid", "sigmoid", "sigmoid", "tanh"])
    optimizer, rate = draw.choice([("sgd", 0.1), ("sgd", 1.0), ("sgd", 0.01), ("momentum", 0.03), ("adam", 0.002)])
    front = draw.choice([(Flatten(),), (Flatten(),), (Conv2d(6, activation=activation), MaxPool2d(), Flatten())])
    base = _changed(base, "train", optimizer=optimizer, learning_rate=rate)

    def net(how: str) -> ModelConfig:
        first = tuple(Conv2d(6, activation=how) if isinstance(layer, Conv2d) else layer for layer in front)
        return ModelConfig(layers=(*first, *[Dense(units, how)] * depth))

    sound = _changed(base, "train", learning_rate=min(rate, 0.1))
    sound = sound.model_copy(update={"model": ModelConfig(layers=(Flatten(), Dense(units), Dense(units)))})
    return base.model_copy(update={"model": net(activation)}), sound


def _unscaled(_draw: random.Random, base: RunConfig) -> tuple[RunConfig, RunConfig]:
    if any(isinstance(layer, BatchNorm) for layer in base.model.layers):
        base = base.model_copy(update={"model": ModelConfig(layers=(Flatten(), Dense(64, "tanh")))})
    return _changed(base, "data", scale_pixels=False), base


def _fast(draw: random.Random, base: RunConfig) -> tuple[RunConfig, RunConfig]:
    times = draw.choice([30, 100, 300])
    rate = max(rate for rate in LEARNING_RATES if rate <= min(base.train.learning_rate * times, 10.0) * 1.001)
    return _changed(base, "train", learning_rate=rate), base


def _slow(draw: random.Random, base: RunConfig) -> tuple[RunConfig, RunConfig]:
    wanted = base.train.learning_rate / draw.choice([100, 300, 1_000])
    rate = max((rate for rate in LEARNING_RATES if rate <= wanted * 1.001), default=LEARNING_RATES[0])
    return _changed(base, "train", learning_rate=rate), base


def _decay(draw: random.Random, base: RunConfig) -> tuple[RunConfig, RunConfig]:
    return _changed(base, "train", weight_decay=draw.choice([0.1, 0.3, 1.0])), base


def _dropout(draw: random.Random, base: RunConfig) -> tuple[RunConfig, RunConfig]:
    share, activation = draw.choice([0.8, 0.9, 0.95]), draw.choice(["relu", "relu", "tanh"])
    places = draw.choice([(True, True), (False, True), (True, False)])

    def net(rate: float) -> ModelConfig:
        hidden = [
            (Dense(units, activation), *[Dropout(rate)] * there) for units, there in zip((64, 32), places, strict=True)
        ]
        return ModelConfig(layers=(Flatten(), *[layer for part in hidden for layer in part]))

    return tuple(base.model_copy(update={"model": net(rate)}) for rate in (share, 0.2))


def _narrow(draw: random.Random, base: RunConfig) -> tuple[RunConfig, RunConfig]:
    few, activation = draw.choice([1, 1, 2]), draw.choice(["relu", "tanh", "sigmoid"])
    wide, front = draw.choice([32, 64]), draw.choice([(Flatten(),), (Conv2d(6), MaxPool2d(), Flatten())])
    places = draw.choice([(few,), (wide, few), (few, wide)])
    sick = (*front, *[Dense(units, activation) for units in places])
    sound = (*front, *[Dense(max(units, wide), activation) for units in places])
    return tuple(base.model_copy(update={"model": ModelConfig(layers=layers)}) for layers in (sick, sound))


def _uneven(draw: random.Random, base: RunConfig) -> tuple[RunConfig, RunConfig]:
    labels = draw.sample(range(10), draw.choice([1, 1, 2, 3]))
    keep = tuple(sorted((label, draw.choice([0, 1, 3, 5])) for label in labels))
    return _changed(base, "data", keep=keep), base


def _few(draw: random.Random, base: RunConfig) -> tuple[RunConfig, RunConfig]:
    few = _changed(base, "data", train_size=draw.choice([50, 100, 150, 200]))
    return _changed(few, "train", epochs=30, schedule="constant"), base


def _long(draw: random.Random, base: RunConfig) -> tuple[RunConfig, RunConfig]:
    base = _changed(base, "data", name="doodles", train_size=draw.choice([300, 400, 500]))
    base = _changed(base, "train", optimizer="adam", learning_rate=draw.choice([0.002, 0.003]), schedule="constant")
    layers = (Flatten(), Dense(draw.choice([64, 100])), Dense(draw.choice([32, 48])))
    base = base.model_copy(update={"model": ModelConfig(layers=layers)})
    sound = _changed(_changed(base, "data", train_size=1_000), "train", epochs=9)
    return _changed(base, "train", epochs=draw.choice([50, 60])), sound


def _short(draw: random.Random, base: RunConfig) -> tuple[RunConfig, RunConfig]:
    base = _changed(base, "train", schedule="constant")
    return _changed(base, "train", epochs=draw.choice([1, 1, 2]), batch_size=draw.choice([32, 64, 128])), base


def _leak(_draw: random.Random, base: RunConfig) -> tuple[RunConfig, RunConfig]:
    return _changed(base, "data", valid_fraction=0.0), base


PLANTS: dict[str, Callable[[random.Random, RunConfig], tuple[RunConfig, RunConfig]]] = {
    "deep": _deep,
    "unscaled": _unscaled,
    "fast": _fast,
    "slow": _slow,
    "decay": _decay,
    "dropout": _dropout,
    "narrow": _narrow,
    "uneven": _uneven,
    "few": _few,
    "long": _long,
    "short": _short,
    "leak": _leak,
}
