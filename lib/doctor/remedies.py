"""Changes of a set-up that are worth a try, each with the words that name it."""

from collections.abc import Callable

from lib.config import LEARNING_RATES, MAX_EPOCHS, MAX_LAYERS, Activation, Dense, Dropout, ModelConfig, RunConfig
from lib.doctor.findings import Remedy
from lib.experiments.designs import USUAL_RATES, with_train

_FACTOR = 10.0  # how far a rate moves where the usual one is no help
_SMALL_DROPOUT = 0.3
_SMALL_DECAY = 0.0001
_LONGEST = 86_400.0  # seconds
_NAMES = {"relu": "ReLU", "sigmoid": "sigmoid", "tanh": "tanh"}


def smaller_rate(config: RunConfig) -> Remedy | None:
    """Down to what the optimizer is usually started with, or to a tenth; None where there is nothing below."""
    present, usual = config.train.learning_rate, USUAL_RATES[config.train.optimizer]
    wanted = usual if usual <= present / 2 else present / _FACTOR
    below = [rate for rate in LEARNING_RATES if rate <= wanted * 1.001]
    return _rate(config, max(below)) if below else None


def larger_rate(config: RunConfig) -> Remedy | None:
    """Up to what the optimizer is usually started with, or tenfold; None where there is nothing above."""
    present, usual = config.train.learning_rate, USUAL_RATES[config.train.optimizer]
    wanted = usual if usual >= present * 2 else present * _FACTOR
    above = [rate for rate in LEARNING_RATES if rate >= wanted * 0.999]
    return _rate(config, min(above)) if above else None


def scaled_pixels(config: RunConfig) -> Remedy:
    """Divide all pixels by 255."""
    return Remedy("pixels scaled to 0–1", _with_data(config, scale_pixels=True))


def all_pictures_of_each_class(config: RunConfig) -> Remedy | None:
    """Give thinned classes their pictures back; None where nobody thinned them."""
    return Remedy("all pictures of every class", _with_data(config, keep=())) if config.data.keep else None


def more_epochs(config: RunConfig) -> Remedy | None:
    """Train for twice as long; None at the limit."""
    train = config.train
    if train.time_budget is not None:
        seconds = min(2 * train.time_budget, _LONGEST)
        return Remedy(f"{seconds:g} seconds instead of {train.time_budget:g}", with_train(config, time_budget=seconds))
    if train.epochs == MAX_EPOCHS:
        return None
    return _epochs(config, min(2 * train.epochs, MAX_EPOCHS))


def stop_at(config: RunConfig, epochs: int) -> Remedy | None:
    """End after so many epochs; None if a clock ends the run, or if that changes nothing."""
    if config.train.time_budget is not None or not 1 <= epochs < config.train.epochs:
        return None
    return _epochs(config, epochs)


def less_by_heart(config: RunConfig) -> Remedy:
    """Make learning by heart harder: more pictures, varied ones, dropout before the class layer, or weight decay."""
    if size := config.data.train_size:
        return Remedy(f"all training pictures instead of {size:,}", _with_data(config, train_size=None))
    if not config.train.augment:
        return Remedy("vary the training pictures", with_train(config, augment=True))
    layers = config.model.layers
    if len(layers) == MAX_LAYERS or any(isinstance(layer, Dropout) for layer in layers):
        present = config.train.weight_decay
        decay = min(max(present * _FACTOR, _SMALL_DECAY), 1.0)
        return Remedy(f"weight decay {decay:g} instead of {present:g}", with_train(config, weight_decay=decay))
    after = max((place + 1 for place, layer in enumerate(layers) if isinstance(layer, Dense)), default=len(layers))
    added = (*layers[:after], Dropout(_SMALL_DROPOUT), *layers[after:])
    return Remedy(f"dropout of {100 * _SMALL_DROPOUT:.0f} % before the class layer", _with_layers(config, added))


def other_activation(config: RunConfig, old: str, new: Activation) -> Remedy:
    """`new` in place of `old` in every hidden layer that has it."""
    values = config.model.model_dump()["layers"]
    changed = [layer | {"activation": new} if layer.get("activation") == old else layer for layer in values]
    model = ModelConfig.model_validate({"layers": changed})
    return Remedy(f"{_NAMES[new]} instead of {_NAMES[old]}", config.model_copy(update={"model": model}))


def first(*ways: Callable[[], Remedy | None]) -> Remedy | None:
    """The first remedy that there is."""
    return next((remedy for way in ways if (remedy := way())), None)


def plain(rate: float) -> str:
    """0.00001 as it is said, not as 1e-05."""
    return f"{rate:.10f}".rstrip("0").rstrip(".")


def _rate(config: RunConfig, rate: float) -> Remedy:
    label = f"learning rate {plain(rate)} instead of {plain(config.train.learning_rate)}"
    return Remedy(label, with_train(config, learning_rate=rate))


def _epochs(config: RunConfig, epochs: int) -> Remedy:
    word = "epoch" if epochs == 1 else "epochs"
    return Remedy(f"{epochs} {word} instead of {config.train.epochs}", with_train(config, epochs=epochs))


def _with_data(config: RunConfig, **changed: object) -> RunConfig:
    return config.model_copy(update={"data": config.data.model_copy(update=changed)})


def _with_layers(config: RunConfig, layers: tuple[object, ...]) -> RunConfig:
    return config.model_copy(update={"model": ModelConfig.model_validate({"layers": layers})})
