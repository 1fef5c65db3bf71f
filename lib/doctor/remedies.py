"""Changes of a set-up that are worth a try, each with the words that name it."""

from collections.abc import Callable, Mapping

from lib.activations import ACTIVATIONS
from lib.config import (
    LEARNING_RATES,
    MAX_EPOCHS,
    MAX_LAYERS,
    Activation,
    Dense,
    Dropout,
    Flatten,
    GlobalAvgPool2d,
    ModelConfig,
    RunConfig,
)
from lib.datasets.catalogue import info
from lib.doctor.findings import Remedy
from lib.experiments.designs import USUAL_RATES, with_train
from lib.telling import told

_FACTOR = 10.0  # how far a rate moves where the usual one is no help
_SMALL_DROPOUT = 0.3
_SMALL_DECAY = 0.0001
_USUAL_DROPOUT = 0.2
_ROOMY = 32  # units that carry ten classes with ease
_LONGEST = 86_400.0  # seconds
_HELD_BACK = 0.1  # of the training pictures


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
    return Remedy(told("doctor.try_pixels"), _with_data(config, scale_pixels=True))


def all_pictures_of_each_class(config: RunConfig) -> Remedy | None:
    """Give thinned classes their pictures back; None where nobody thinned them."""
    return Remedy(told("doctor.try_all_pictures"), _with_data(config, keep=())) if config.data.keep else None


def more_epochs(config: RunConfig) -> Remedy | None:
    """Train for twice as long, for five epochs at least; None at the limit."""
    train = config.train
    if train.time_budget is not None:
        seconds = min(2 * train.time_budget, _LONGEST)
        label = told("doctor.try_seconds", new=seconds, old=train.time_budget)
        return Remedy(label, with_train(config, time_budget=seconds))
    if train.epochs == MAX_EPOCHS:
        return None
    return _epochs(config, min(max(2 * train.epochs, 5), MAX_EPOCHS))


def stop_at(config: RunConfig, epochs: int) -> Remedy | None:
    """End after so many epochs; None if a clock ends the run, or if that changes nothing."""
    if config.train.time_budget is not None or not 1 <= epochs < config.train.epochs:
        return None
    return _epochs(config, epochs)


def less_by_heart(config: RunConfig) -> Remedy:
    """Make learning by heart harder: more pictures, varied ones, dropout before the class layer, or weight decay."""
    if size := config.data.train_size:
        about = info(config.data.name)
        most = about.train_count - about.validation_count(config.data.valid_fraction)
        if size < most:
            more = min(10 * size, most)
            if more == most:
                return Remedy(told("doctor.try_all_training", old=size), _with_data(config, train_size=None))
            return Remedy(told("doctor.try_more_pictures", new=more, old=size), _with_data(config, train_size=more))
    if not config.train.augment:
        return Remedy(told("doctor.try_vary"), with_train(config, augment=True))
    layers = config.model.layers
    if len(layers) == MAX_LAYERS or any(isinstance(layer, Dropout) for layer in layers):
        present = config.train.weight_decay
        decay = min(max(present * _FACTOR, _SMALL_DECAY), 1.0)
        return Remedy(told("doctor.try_decay", new=decay, old=present), with_train(config, weight_decay=decay))
    after = max((place + 1 for place, layer in enumerate(layers) if isinstance(layer, Dense)), default=len(layers))
    added = (*layers[:after], Dropout(_SMALL_DROPOUT), *layers[after:])
    return Remedy(told("doctor.try_dropout", rate=_SMALL_DROPOUT), _with_layers(config, added))


def other_activation(config: RunConfig, old: str) -> Remedy:
    """ReLU in place of an activation that went flat, tanh in place of a ReLU that went silent."""
    new: Activation = "tanh" if ACTIVATIONS[old].can_be_silent else "relu"
    names = {"new": told("told.activation", name=new), "old": told("told.activation", name=old)}
    label = told("doctor.try_activation", **names)
    return Remedy(label, _with_activations(config, {old: new}))


def relu_throughout(config: RunConfig) -> Remedy:
    """ReLU in place of every sigmoid and tanh, at a rate that is no larger than usual: ReLU nets bear less."""
    changed = _with_activations(config, {name: "relu" for name, kind in ACTIVATIONS.items() if kind.saturates})
    usual = USUAL_RATES[config.train.optimizer]
    if config.train.learning_rate > usual:
        return Remedy(told("doctor.try_relu_rate", rate=usual), with_train(changed, learning_rate=usual))
    return Remedy(told("doctor.try_relu"), changed)


def no_decay(config: RunConfig) -> Remedy:
    """Let the weights be."""
    label = told("doctor.try_decay", new=0.0, old=config.train.weight_decay)
    return Remedy(label, with_train(config, weight_decay=0.0))


def less_dropout(config: RunConfig, most: float) -> Remedy:
    """Let layers of dropout above `most` drop as much as is usual."""
    layers = [Dropout(_USUAL_DROPOUT) if isinstance(layer, Dropout) and layer.rate >= most else layer
              for layer in config.model.layers]  # fmt: skip
    strongest = max(layer.rate for layer in config.model.layers if isinstance(layer, Dropout))
    label = told("doctor.try_less_dropout", new=_USUAL_DROPOUT, old=strongest)
    return Remedy(label, _with_layers(config, tuple(layers)))


def wider(config: RunConfig) -> Remedy | None:
    """Give narrow dense layers room, or four times as much to all; a net without hidden layers gets one.

    Where whole maps are averaged to one number each, the maps themselves are room enough.
    """
    if any(isinstance(layer, GlobalAvgPool2d) for layer in config.model.layers):
        flat = tuple(Flatten() if isinstance(layer, GlobalAvgPool2d) else layer for layer in config.model.layers)
        return Remedy(told("doctor.try_flatten"), _with_layers(config, flat))
    values = config.model.model_dump()["layers"]
    sizes = [layer["units"] for layer in values if "units" in layer]
    if not sizes:
        layers = (*config.model.layers, *(() if _ends_flat(config) else (Flatten(),)), Dense(_ROOMY))
        if len(layers) > MAX_LAYERS:
            return None
        return Remedy(told("doctor.try_hidden", units=_ROOMY), _with_layers(config, layers))
    if min(sizes) < _ROOMY:
        changed = [layer | {"units": max(layer["units"], _ROOMY)} if "units" in layer else layer for layer in values]
        return Remedy(told("doctor.try_at_least", units=_ROOMY), _with_layers(config, tuple(changed)))
    changed = [layer | {"units": min(4 * layer["units"], 4096)} if "units" in layer else layer for layer in values]
    return Remedy(told("doctor.try_four_times"), _with_layers(config, tuple(changed)))


def own_validation(config: RunConfig) -> Remedy:
    """Hold training pictures back, so that the test pictures are for the end."""
    label = told("doctor.try_hold_back", share=_HELD_BACK)
    return Remedy(label, _with_data(config, valid_fraction=_HELD_BACK))


def _ends_flat(config: RunConfig) -> bool:
    return any(layer.ends_maps for layer in config.model.layers)


def _with_activations(config: RunConfig, changes: Mapping[str, str]) -> RunConfig:
    values = config.model.model_dump()["layers"]
    changed = [layer | {"activation": changes.get(layer.get("activation"), layer.get("activation"))}
               if "activation" in layer else layer for layer in values]  # fmt: skip
    return _with_layers(config, tuple(changed))


def first(*ways: Callable[[], Remedy | None]) -> Remedy | None:
    """The first remedy that there is."""
    return next((remedy for way in ways if (remedy := way())), None)


def _rate(config: RunConfig, rate: float) -> Remedy:
    label = told("doctor.try_rate", new=rate, old=config.train.learning_rate)
    return Remedy(label, with_train(config, learning_rate=rate))


def _epochs(config: RunConfig, epochs: int) -> Remedy:
    label = told("doctor.try_epochs", count=epochs, old=config.train.epochs)
    return Remedy(label, with_train(config, epochs=epochs))


def _with_data(config: RunConfig, **changed: object) -> RunConfig:
    return config.model_copy(update={"data": config.data.model_copy(update=changed)})


def _with_layers(config: RunConfig, layers: tuple[object, ...]) -> RunConfig:
    return config.model_copy(update={"model": ModelConfig.model_validate({"layers": layers})})
