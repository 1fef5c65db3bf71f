"""Really trained runs, kept as the statistics that the doctor reads; what is missing is trained.

python -m bench.doctor_bank FILE: trains every case of `bench.doctor_cases`, then what the doctor's remedies lead to.
"""

import hashlib
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, isfinite
from pathlib import Path
from typing import Any

import torch
from torch import nn

from bench.doctor_cases import Case, all_cases
from lib.config import RunConfig
from lib.datasets import Dataset, load_dataset
from lib.datasets.catalogue import info
from lib.doctor import Epoch, LayerState, LayerWeights, Looked, Measurements, examine, look
from lib.experiments.measured import Curve
from lib.models import build_model
from lib.training import evaluate, fit, guessing_loss
from lib.training.events import mean_of

FILE = Path(__file__).parents[1] / "tests" / "doctor" / "bank.json"
POINT = 256  # pictures behind a point, as the driver publishes them at least
_POINTS = 40  # kept of a curve
_LOOKED_AT = 300
_FOLLOWED = 2  # remedies in a row


@dataclass(frozen=True, slots=True)
class Trained:
    """One run: what the doctor reads, and what he never sees."""

    measured: Measurements
    test_accuracy: float
    test_loss: float


def train(config: RunConfig) -> Trained:
    """Train `config` and measure it as a page would."""
    data = load_dataset(**config.data.model_dump())
    start = build_model(config.model, data.input_shape, len(data.classes), config.seed)
    net = build_model(config.model, data.input_shape, len(data.classes), config.seed)
    epochs, points, recent, step, diverged = [], [], [], 0, False
    for event in fit(net, data.train, data.valid, config.train, seed=config.seed):
        match event.kind:
            case "run_started":
                steps = event.steps_per_epoch
                epochs.append(Epoch(0, None, None, event.valid_loss, event.valid_accuracy))
            case "step_end":
                step = event.step
                recent.append(event)
                if len(recent) * config.train.batch_size >= POINT:
                    loss, _ = mean_of(recent)
                    points.append((step / steps, loss if isfinite(loss) else inf))
                    recent = []
            case "epoch_end":
                losses = event.train_loss, event.train_accuracy, event.valid_loss, event.valid_accuracy
                epochs.append(Epoch(event.epoch, *losses))
            case "run_ended":
                diverged = event.reason == "diverged"
    finite = all(bool(value.isfinite().all()) for value in net.parameters())
    guess = guessing_loss(len(data.classes), config.train.loss)
    measured = Measurements(
        config=config,
        classes=data.classes,
        guess=guess,
        ended=True,
        steps=step,
        curve=Curve("run", config.train.learning_rate, epochs[0].valid_loss or guess, guess, tuple(points), diverged),
        epochs=tuple(epochs),
        valid_pictures=len(data.valid),
        finite=finite,
        counts=tuple(torch.bincount(data.train.labels, minlength=len(data.classes)).tolist()),
        looked=looked_into(net, data, _LOOKED_AT, config, start) if finite else None,
    )
    tested = evaluate(net, data.test, config.train.loss) if finite else None
    return Trained(measured, tested.accuracy if tested else 0.0, tested.loss if tested else inf)


def looked_into(
    net: nn.Sequential,
    data: Dataset,
    pictures: int = 300,
    config: RunConfig | None = None,
    start: nn.Sequential | None = None,
) -> Looked:
    """Let `look` do all of its work."""
    loss = config.train.loss if config else "cross-entropy"
    work = look(net, data.valid, len(data.classes), pictures, loss=loss, start=start)
    while True:
        try:
            next(work)
        except StopIteration as stop:
            found: Looked = stop.value
            return found


# ---- on disk ----


def key_of(config: RunConfig) -> str:
    """A short name that equal set-ups share."""
    return hashlib.sha256(config.model_dump_json().encode()).hexdigest()[:12]


class Bank:
    """Trained runs by their set-up, in one JSON file."""

    def __init__(self, path: Path = FILE) -> None:
        self._path = path
        self._kept: dict[str, dict[str, Any]] = json.loads(path.read_text()) if path.exists() else {}

    def __contains__(self, config: RunConfig) -> bool:
        return key_of(config) in self._kept

    def __len__(self) -> int:
        return len(self._kept)

    def find(self, config: RunConfig) -> Trained:
        """The run with this set-up; KeyError with what to do if it was never trained."""
        try:
            return _unpacked(config, self._kept[key_of(config)])
        except KeyError:
            raise KeyError(f"no such run in the bank; `python -m bench.doctor_bank` trains it: {config}") from None

    def train(self, config: RunConfig) -> Trained:
        """The same; trained now and kept if it is missing."""
        if config not in self:
            self._kept[key_of(config)] = _packed(train(config))
        return self.find(config)

    def keep_only(self, keys: Sequence[str]) -> None:
        """Forget all others, as of rules that were different."""
        self._kept = {key: self._kept[key] for key in keys if key in self._kept}

    def save(self) -> None:
        """Write everything, one run a line."""
        lines = [f"{json.dumps(key)}: {json.dumps(kept, separators=(',', ':'))}" for key, kept in self._kept.items()]
        draft = self._path.with_suffix(".part")
        draft.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
        draft.replace(self._path)


def _packed(found: Trained) -> dict[str, Any]:
    m, curve, looked = found.measured, found.measured.curve, found.measured.looked
    assert curve is not None
    every = max(-(-len(curve.points) // _POINTS), 1)
    groups = [curve.points[start : start + every] for start in range(0, len(curve.points), every)]
    points = [(group[-1][0], sum(loss for _, loss in group) / len(group)) for group in groups]
    return _short(
        {
            "test": [found.test_accuracy, found.test_loss],
            "steps": m.steps,
            "start": curve.start,
            "points": points,
            "diverged": curve.diverged,
            "epochs": [[e.train_loss, e.train_accuracy, e.valid_loss, e.valid_accuracy] for e in m.epochs],
            "valid_pictures": m.valid_pictures,
            "finite": m.finite,
            "counts": m.counts,
            "looked": looked
            and {
                "pictures": looked.pictures,
                "highest": looked.highest,
                "layers": [[e.name, e.activation, e.units, e.silent, e.flat] for e in looked.layers],
                "recalls": looked.recalls,
                "weights": [[e.name, e.gradient, e.size, e.start] for e in looked.weights],
            },
        }
    )


def _unpacked(config: RunConfig, kept: dict[str, Any]) -> Trained:
    classes = info(config.data.name).classes
    guess, looked = guessing_loss(len(classes), config.train.loss), kept["looked"]
    points = tuple((at, loss) for at, loss in kept["points"])
    measured = Measurements(
        config=config,
        classes=classes,
        guess=guess,
        ended=True,
        steps=kept["steps"],
        curve=Curve("run", config.train.learning_rate, kept["start"], guess, points, kept["diverged"]),
        epochs=tuple(Epoch(number, *values) for number, values in enumerate(kept["epochs"])),
        valid_pictures=kept["valid_pictures"],
        finite=kept["finite"],
        counts=tuple(kept["counts"]),
        looked=looked
        and Looked(
            pictures=looked["pictures"],
            highest=looked["highest"],
            inputs=(looked["pictures"],) * 10,
            layers=tuple(LayerState(*each) for each in looked["layers"]),
            recalls=tuple(looked["recalls"]),
            weights=tuple(LayerWeights(*each) for each in looked["weights"]),
        ),
    )
    accuracy, loss = kept["test"]
    return Trained(measured, accuracy, loss)


def _short(value: Any) -> Any:
    """The same with four figures, which is what a curve shows."""
    if isinstance(value, float):
        return float(f"{value:.4g}")
    if isinstance(value, dict):
        return {name: _short(each) for name, each in value.items()}
    return [_short(each) for each in value] if isinstance(value, list | tuple) else value


def remedy_of(found: Trained) -> RunConfig | None:
    """The set-up that the doctor's first remedy leads to; None if he has none."""
    findings = [check.finding for _, check in examine(found.measured) if check.finding]
    remedy = findings[0].remedy if findings else None
    return remedy.config if remedy else None


def fill(bank: Bank, cases: Sequence[Case]) -> None:
    """Train what is missing: every case and its twin, then where the doctor's advice leads, some steps far."""
    torch.set_num_threads(1)
    there = {key_of(config): config for case in cases for config in (case.sick, case.sound)}
    wanted = list(there)
    for step in range(1 + _FOLLOWED):
        following = {}
        for number, config in enumerate(there.values(), start=1):
            if (after := remedy_of(bank.train(config))) and key_of(after) not in wanted:
                following[key_of(after)] = after
            if number % 20 == 0 or number == len(there):
                bank.save()
                print(f"remedies in a row: {step}; {number} of {len(there)} runs", flush=True)
        there = following
        wanted += there
    bank.keep_only(wanted)
    bank.save()


if __name__ == "__main__":
    fill(Bank(Path(sys.argv[1]) if len(sys.argv) > 1 else FILE), all_cases())
