"""Architectures as data: build, summarise, presets."""

from lib.models.build import build_model
from lib.models.presets import DEFAULT_PRESET, list_presets, nearest_preset, preset, train_on
from lib.models.shapes import Mend, ShapeError, describe
from lib.models.summary import Row, Summary, summarize

__all__ = [
    "DEFAULT_PRESET",
    "Mend",
    "Row",
    "ShapeError",
    "Summary",
    "build_model",
    "describe",
    "list_presets",
    "nearest_preset",
    "preset",
    "summarize",
    "train_on",
]
