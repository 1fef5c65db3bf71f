"""Set-ups in words, setting by setting, so that two of them can be laid side by side."""

from collections.abc import Callable, Sequence

from lib.config import ModelConfig, RunConfig
from lib.datasets.catalogue import info
from lib.ui.words import text


def layers_in_words(model: ModelConfig) -> str:
    """ "Conv 8@3×3, max pool 2, flatten, dense 32"."""
    return ", ".join(layer.in_short() for layer in model.layers) or "none"


def settings_of(configs: Sequence[RunConfig]) -> list[tuple[str, list[str]]]:
    """All settings as `(label, one text for each set-up)`."""
    return [(label, [show(config) for config in configs]) for label, show in _SETTINGS.items()]


def _kept(config: RunConfig) -> str:
    names = info(config.data.name).classes
    told = [f"{names[label]} {share} %" for label, share in config.data.keep]
    return ", ".join(told) or "all of every class"


def _yes(value: bool) -> str:
    return "yes" if value else "no"


_SETTINGS: dict[str, Callable[[RunConfig], str]] = {
    "Data": lambda c: info(c.data.name).title,
    "Training pictures": lambda c: f"{c.data.train_size:,}" if c.data.train_size else "all",
    "Classes": _kept,
    "Test pictures": lambda c: f"{c.data.test_size:,}" if c.data.test_size else "all",
    "Validation share": lambda c: f"{c.data.valid_fraction * 100:g} %",
    "Pixels": lambda c: "0–1" if c.data.scale_pixels else "0–255",
    "Split": lambda c: f"seed {c.data.seed}",
    "Hidden layers": lambda c: layers_in_words(c.model),
    "Optimizer": lambda c: text.OPTIMIZER_TITLES[c.train.optimizer],
    "Learning rate": lambda c: text.rate(c.train.learning_rate),
    "Schedule": lambda c: text.SCHEDULE_TITLES[c.train.schedule],
    "Batch size": lambda c: f"{c.train.batch_size:,}",
    "Epochs": lambda c: f"{c.train.epochs}" if c.train.time_budget is None else "as many as fit",
    "Time limit": lambda c: "none" if c.train.time_budget is None else text.duration(c.train.time_budget),
    "Loss": lambda c: text.LOSS_TITLES[c.train.loss],
    "Weight decay": lambda c: text.rate(c.train.weight_decay) or "0",
    "Shifted and mirrored": lambda c: _yes(c.train.augment),
    "Precision": lambda c: c.train.precision,
    "Seed": lambda c: str(c.seed),
}
