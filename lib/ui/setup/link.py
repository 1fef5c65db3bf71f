"""A set-up as the address of a page, and back: short, readable, checked value by value.

`?v=1&net=c8-m2-c10-m2-f-d32&lr=0.002` is a whole set-up: what is not named is as in the base of its version `v`. A base
is the default preset of its time and never changes, so an old link keeps its meaning when the preset does not; links
from before versions were named have that of version 1.
"""

import re
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from lib.config import Conv2d, Dense, Flatten, Layer, MaxPool2d, ModelConfig, RunConfig, TrainConfig
from lib.layers import LAYERS

VERSION = 1
# A base for every version. When the default preset changes: the next number, with the new preset's layers and values.
_BASES: dict[int, RunConfig] = {
    1: RunConfig(
        model=ModelConfig(layers=(Conv2d(8), MaxPool2d(), Conv2d(10), MaxPool2d(), Flatten(), Dense(32))),
        train=TrainConfig(learning_rate=0.002),
    ),
}
_VERSION = "v"

# Address name -> path in RunConfig. The order is the order in the address.
_FIELDS: dict[str, tuple[str, ...]] = {
    "data": ("data", "name"),
    "pictures": ("data", "train_size"),
    "tests": ("data", "test_size"),
    "valid": ("data", "valid_fraction"),
    "scale": ("data", "scale_pixels"),
    "keep": ("data", "keep"),
    "split": ("data", "seed"),
    "opt": ("train", "optimizer"),
    "loss": ("train", "loss"),
    "lr": ("train", "learning_rate"),
    "sched": ("train", "schedule"),
    "batch": ("train", "batch_size"),
    "epochs": ("train", "epochs"),
    "seconds": ("train", "time_budget"),
    "decay": ("train", "weight_decay"),
    "augment": ("train", "augment"),
    "precision": ("train", "precision"),
    "seed": ("seed",),
}
NAMES = frozenset({_VERSION, "net", *_FIELDS})

_LETTERS = {kind.link[0]: kind for kind in LAYERS.values()}
_PARTS = re.compile(r"([a-z])([0-9.]*(?:e-[0-9]+)?)(.*)")


def to_link(config: RunConfig) -> dict[str, str]:
    """Name the version, what differs from its base, and `net` always, so that the address speaks for itself."""
    default = _BASES[VERSION].model_dump()
    values = config.model_dump()
    link = {_VERSION: str(VERSION), "net": "-".join(layer.token() for layer in config.model.layers) or "none"}
    for name, path in _FIELDS.items():
        value = _at(values, path)
        if value != _at(default, path):
            link[name] = _text(value)
    return link


def from_link(link: Mapping[str, str]) -> tuple[RunConfig, list[str]]:
    """Read an address; returns the set-up and the names whose values made no sense and were left at the default.

    `v` among them: the link was made by a later Glasshouse, or by nobody, and is read as one of this version.
    """
    base, refused = _base_of(link.get(_VERSION))
    default = values = base.model_dump(mode="json")
    for name, path in _FIELDS.items():
        if name not in link:
            continue
        changed = _with(values, path, _value(link[name], _at(default, path)))
        try:
            RunConfig.model_validate(changed, strict=False)
        except ValidationError:
            refused.append(name)
        else:
            values = changed
    config = RunConfig.model_validate(values)
    if "net" in link:
        try:
            config = config.model_copy(update={"model": _read_net(link["net"])})
        except (ValueError, KeyError):
            refused.append("net")
    return config, refused


def _base_of(version: str | None) -> tuple[RunConfig, list[str]]:
    """What the values that a link does not name are, and whether its version makes no sense."""
    if version is None:  # from before versions were named
        return _BASES[1], []
    known = {str(number): base for number, base in _BASES.items()}
    return (known[version], []) if version in known else (_BASES[VERSION], [_VERSION])


def _read_net(text: str) -> ModelConfig:
    tokens = [] if text == "none" else re.split(r"-(?=[a-z])", text)
    return ModelConfig(layers=tuple(_read_token(token) for token in tokens))


def _read_token(token: str) -> Layer:
    kind = _LETTERS.get(token[:1])
    found = _PARTS.fullmatch(token) if kind and re.fullmatch(kind.link, token) else None
    if not (kind and found):
        raise ValueError(f"{token!r} is no layer")
    return kind.read(found[2], found[3])


def _text(value: Any) -> str:
    if value is None:
        return "all"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ",".join(f"{label}:{percent}" for label, percent in value) or "all"
    return f"{value:g}" if isinstance(value, float) and float(f"{value:g}") == value else str(value)


def _value(text: str, default: Any) -> Any:
    """What `_text` wrote, where it can stand for something: "yes" is no number, and not all have an "all"."""
    if isinstance(default, bool):
        return {"yes": True, "no": False}.get(text, text)
    if isinstance(default, list):
        return [] if text == "all" else [pair.split(":") for pair in text.split(",")]
    return None if default is None and text == "all" else text


def _at(values: Mapping[str, Any], path: tuple[str, ...]) -> Any:
    for name in path:
        values = values[name]
    return values


def _with(values: Mapping[str, Any], path: tuple[str, ...], value: Any) -> dict[str, Any]:
    name, *rest = path
    return {**values, name: _with(values[name], tuple(rest), value) if rest else value}
