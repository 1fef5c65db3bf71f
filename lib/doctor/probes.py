"""From a run, a recording or a ready net to the record that the rules read."""

from dataclasses import replace
from math import isfinite
from typing import Any

import torch

from lib.datasets.catalogue import info
from lib.doctor.measurements import Epoch, Looked, Measurements
from lib.experiments.measured import Curve, curve_of
from lib.nets.net import Net
from lib.training import guessing_loss


def measure(net: Net, finite: bool | None = None, looked: Looked | None = None) -> Measurements:
    """Gather what is known of `net` now; `finite` and `looked` say what was found in its weights, see `look`."""
    config = net.config
    about = info(config.data.name)
    held_out = about.validation_count(config.data.valid_fraction)
    run = None if net.came_trained else net
    curve = _curve(run, finite) if run else None
    return Measurements(
        config=config,
        classes=about.classes,
        guess=guessing_loss(len(about.classes), config.train.loss),
        ended=run is None or run.has_ended,
        steps=run.status()["step"] if run else net.model()[0],
        curve=curve if curve and (curve.points or curve.diverged) else None,
        epochs=tuple(_epoch(values) for values in run.log.epochs) if run else (),
        valid_pictures=held_out or min(config.data.test_size or about.test_count, about.test_count),
        finite=finite,
        counts=_counts(net),
        looked=looked,
    )


def _curve(run: Net, finite: bool | None) -> Curve:
    curve = curve_of(run.name, run)
    broken = finite is False or any(not isfinite(loss) for _, loss in curve.points)
    return replace(curve, diverged=broken)


def _epoch(values: dict[str, Any]) -> Epoch:
    names = ("train_loss", "train_accuracy", "valid_loss", "valid_accuracy")
    return Epoch(values["epoch"], *(values.get(name) for name in names))


def _counts(net: Net) -> tuple[int, ...] | None:
    data = net.dataset
    if not len(data.train):  # its pictures are not here
        return None
    return tuple(int(count) for count in torch.bincount(data.train.labels, minlength=len(data.classes)))
