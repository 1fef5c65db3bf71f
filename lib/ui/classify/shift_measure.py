"""Measure maps in the background: every session that looks at a net sees the same measurement, once done at once."""

import logging

from torch import nn

from lib.datasets import Split
from lib.explain.shifting import Robustness, robustness
from lib.training.machine import cores_for
from lib.ui.net.background import Background, Work

logger = logging.getLogger(__name__)

Key = tuple[str, int, str, int]  # net, step, data set, pictures
Measurement = Work[Robustness]
_PASSES = 600  # a hundred pictures at once, and forward passes alone gain from a second core earlier than training does

_measurements: Background[Robustness] = Background(
    "shift-lab", 100, least_share=0.02, when_broken=lambda: logger.exception("a map could not be measured")
)


def measurement(key: Key) -> Measurement | None:
    """The measurement of this name, if one was begun."""
    return _measurements.get(key)


def measure(key: Key, model: nn.Module, split: Split, multiply_adds: int) -> Measurement:
    """Begin to measure `model`, of so many multiply-adds a picture, on `split`, unless that is under way or done."""
    return _measurements.begin(key, lambda: robustness(model, split, key[3]), cores_for(_PASSES * multiply_adds))
