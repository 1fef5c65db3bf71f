"""Set-ups in words, setting by setting, so that two of them can be laid side by side."""

from collections.abc import Callable, Sequence

from lib.config import ModelConfig, RunConfig
from lib.datasets.catalogue import info
from lib.ui.words import field, number, say, text
from lib.ui.words.field import classes_of, title_of


def layers_in_words(model: ModelConfig) -> str:
    """ "Conv 8@3×3, max pool 2, flatten, dense 32"."""
    return ", ".join(layer.in_short() for layer in model.layers) or say("setting.none")


def settings_of(configs: Sequence[RunConfig]) -> list[tuple[str, list[str]]]:
    """All settings as `(label, one text for each set-up)`."""
    return [(say(f"setting.{name}"), [show(config) for config in configs]) for name, show in _SETTINGS.items()]


def _kept(config: RunConfig) -> str:
    names = classes_of(info(config.data.name))
    told = [f"{names[label]} {text.percent(share / 100, 'g')}" for label, share in config.data.keep]
    return ", ".join(told) or say("compare.all_every_class")


def _yes(value: bool) -> str:
    return say("setting.yes") if value else say("setting.no")


_SETTINGS: dict[str, Callable[[RunConfig], str]] = {
    "data": lambda c: title_of(info(c.data.name)),
    "training_pictures": lambda c: number(c.data.train_size) if c.data.train_size else say("setting.all"),
    "classes": _kept,
    "test_pictures": lambda c: number(c.data.test_size) if c.data.test_size else say("setting.all"),
    "validation_share": lambda c: text.percent(c.data.valid_fraction, "g"),
    "pixels": lambda c: "0–1" if c.data.scale_pixels else "0–255",
    "split": lambda c: say("setting.seed_is", seed=str(c.data.seed)),
    "hidden_layers": lambda c: layers_in_words(c.model),
    "optimizer": lambda c: field.OPTIMIZER_TITLES[c.train.optimizer],
    "learning_rate": lambda c: text.rate(c.train.learning_rate),
    "schedule": lambda c: field.SCHEDULE_TITLES[c.train.schedule],
    "batch_size": lambda c: number(c.train.batch_size),
    "epochs": lambda c: f"{c.train.epochs}" if c.train.time_budget is None else say("compare.as_many_as_fit"),
    "time_limit": lambda c: say("setting.none") if c.train.time_budget is None else text.duration(c.train.time_budget),
    "loss": lambda c: field.LOSS_TITLES[c.train.loss],
    "weight_decay": lambda c: text.rate(c.train.weight_decay) or "0",
    "augment": lambda c: _yes(c.train.augment),
    "precision": lambda c: c.train.precision,
    "seed": lambda c: str(c.seed),
}
