"""Ready set-ups, by name."""

from lib.config import (
    AvgPool2d,
    Conv2d,
    DataConfig,
    Dense,
    Flatten,
    Layer,
    MaxPool2d,
    ModelConfig,
    RunConfig,
    TrainConfig,
)

DEFAULT_PRESET = "small-cnn"

# The articles train on all 60,000 pictures and watch the test pictures (valid_fraction=0), 32 at a time.
_ARTICLE_DATA = DataConfig(name="fashion-mnist", valid_fraction=0.0)


def _run(*layers: Layer, data: DataConfig | None = None, **train: object) -> RunConfig:
    return RunConfig(
        data=data or DataConfig(),
        model=ModelConfig(layers=layers),
        train=TrainConfig.model_validate(train),
    )


_PRESETS: dict[str, RunConfig] = {
    # At most 10 maps a layer, so that every one of them fits on one screen.
    "small-cnn": _run(
        Conv2d(8),
        MaxPool2d(),
        Conv2d(10),
        MaxPool2d(),
        Flatten(),
        Dense(32),
        learning_rate=0.002,
    ),
    # S44: Flatten, Dense 128 sigmoid, Dense 10: 101,770 parameters.
    "two-layer-sigmoid": _run(Flatten(), Dense(128, "sigmoid"), data=_ARTICLE_DATA),
    # S45: the article gives no layers, only "about 286,000 parameters"; this reconstruction has 286,044.
    "dense-286k": _run(Flatten(), Dense(300), Dense(128), Dense(64), Dense(50), data=_ARTICLE_DATA, epochs=8),
    # LeCun et al. 1998: convolutions 6@5×5 and 16@5×5, each pooled by the mean, then 120 and 84 units, all tanh.
    "lenet-5": _run(
        Conv2d(6, 5, activation="tanh"),
        AvgPool2d(),
        Conv2d(16, 5, padding="valid", activation="tanh"),
        AvgPool2d(),
        Flatten(),
        Dense(120, "tanh"),
        Dense(84, "tanh"),
        batch_size=64,
    ),
    # S60, S61: 1,413,834 parameters.
    "article-cnn": _run(
        Conv2d(64, 7),
        MaxPool2d(),
        Conv2d(128),
        Conv2d(128),
        MaxPool2d(),
        Conv2d(256),
        Conv2d(256),
        MaxPool2d(),
        Flatten(),
        Dense(128),
        Dense(64),
        data=_ARTICLE_DATA,
        epochs=30,
    ),
}


def list_presets() -> tuple[str, ...]:
    """Name every preset, the default first."""
    return tuple(_PRESETS)


def preset(name: str) -> RunConfig:
    """Give the set-up called `name`; ValueError names the ones there are."""
    try:
        return _PRESETS[name]
    except KeyError:
        raise ValueError(f"There is no preset “{name}”; there are {', '.join(_PRESETS)}.") from None
