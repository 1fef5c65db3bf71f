"""Measure how soon a net reads so much of the test pictures, beside Keras with the same recipe: `make bench-accuracy`.

A recipe is a net, an optimizer, a schedule and so many epochs. Three seeds each; the seconds are those of training
alone, up to the end of the first epoch after which the test pictures are read that well. Keras trains the same net on
the same pictures by the same schedule, in float32 and in mixed_bfloat16; the sooner of both is its best mode.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from bench.dashboard import ROOT, empty_home
from bench.kept import keep
from bench.machine import NOT_JUDGED, describe, is_ours
from lib import BatchNorm, Conv2d, DataConfig, Dense, Dropout, Flatten, MaxPool2d, ModelConfig, RunConfig, TrainConfig
from lib.datasets import load_dataset
from lib.models import preset
from lib.schedules import SCHEDULES
from lib.training.batches import steps_per_epoch

SEEDS = (0, 1, 2)
OURS, KERAS, KERAS_BF16 = "Glasshouse", "Keras, fp32", "Keras, mixed_bfloat16"
_QUICK = TrainConfig(optimizer="adamw", schedule="one-cycle", batch_size=64, learning_rate=0.004)
_SHALLOW = ModelConfig(layers=(Flatten(), Dense(128)))
_STRIDED = ModelConfig(layers=(Conv2d(16), MaxPool2d(2), Conv2d(32, stride=2), BatchNorm(), Flatten(), Dense(128)))
_NORMED = ModelConfig(
    layers=(
        *(Conv2d(16), MaxPool2d(2), BatchNorm(), Conv2d(32), MaxPool2d(2), BatchNorm()),
        *(Flatten(), Dropout(0.25), Dense(96), Dropout(0.25)),
    )
)


@dataclass(frozen=True)
class Recipe:
    """What to reach, within how many seconds, and how."""

    accuracy: float
    bar: float  # seconds on two cores
    config: RunConfig

    @classmethod
    def of(cls, accuracy: float, bar: float, model: ModelConfig, epochs: int, **changes: Any) -> "Recipe":
        """On Fashion-MNIST, all of whose 60,000 pictures train."""
        train = _QUICK.model_copy(update={"epochs": epochs} | changes)
        data = DataConfig(name="fashion-mnist", valid_fraction=0.0, test_size=500)
        return cls(accuracy, bar, RunConfig(data=data, model=model, train=train))


RECIPES = {
    "Fashion-MNIST, 85 %": Recipe.of(0.85, 4, _SHALLOW, 2),
    "Fashion-MNIST, 90 %": Recipe.of(0.90, 25, _STRIDED, 3),
    "Fashion-MNIST, 92 %": Recipe.of(0.92, 120, _NORMED, 13),
    "doodles, 98 %": Recipe(0.98, 5, preset("small-cnn", "doodles")),
}


def seconds_to(accuracy: float, epochs: Sequence[tuple[float, float]]) -> float | None:
    """Add up the seconds of `(seconds, accuracy)` epoch by epoch until one is that good; None if none is."""
    so_far = accumulate(seconds for seconds, _ in epochs)
    return next((round(total, 2) for total, (_, good) in zip(so_far, epochs, strict=True) if good >= accuracy), None)


def report(results: dict[str, Any]) -> str:
    """Tabulate in Markdown."""
    lines = [f"| | bar, s | {OURS}, s | {KERAS}, s | {KERAS_BF16}, s | |", "|---|---|---|---|---|---|"]
    for name, found in results.items():
        recipe = RECIPES[name]
        times = {who: [seconds_to(recipe.accuracy, run) for run in runs] for who, runs in found.items()}
        ours = _middle(times[OURS])
        verdict = "reached" if ours is not None and ours <= recipe.bar else "**missed**"
        cells = " | ".join(_said(times.get(who, []), found.get(who, [])) for who in (OURS, KERAS, KERAS_BF16))
        lines.append(f"| {name} | {recipe.bar:g} | {cells} | {verdict} |")
    return "\n".join(lines)


def _middle(times: Sequence[float | None]) -> float | None:
    """The median, where a run that never got there took for ever."""
    found = median([float("inf") if each is None else each for each in times])
    return found if found < float("inf") else None


def _said(times: Sequence[float | None], runs: Sequence[Sequence[tuple[float, float]]]) -> str:
    if not times:
        return "not measured"
    each = ", ".join("never" if taken is None else f"{taken:.1f}" for taken in times)
    ends = ", ".join(f"{run[-1][1]:.1%}" for run in runs)
    middle = _middle(times)
    return f"{'never' if middle is None else f'{middle:.1f}'} ({each}; ends at {ends})"


def run(recipe: Recipe, who: str, seed: int, python: str, pictures: Path) -> list[tuple[float, float]]:
    """Train once in a process of its own; `(seconds, test accuracy)` of every epoch."""
    config = recipe.config.model_copy(update={"seed": seed})
    task: dict[str, Any] = {"config": config.model_dump(mode="json")}
    if who != OURS:
        data = load_dataset(**config.data.model_dump())
        steps = config.train.epochs * steps_per_epoch(len(data.train), config.train.batch_size)
        code = SCHEDULES[config.train.schedule].keras_code
        task |= {"pictures": str(pictures), "steps": steps, "schedule": code}
        task["precision"] = "bf16" if who == KERAS_BF16 else "fp32"
    module = "ours_to_accuracy" if who == OURS else "keras_to_accuracy"
    command = [sys.executable if who == OURS else python, "-m", f"bench.contestants.{module}", json.dumps(task)]
    with empty_home() as environment:
        quiet = environment | {"TF_CPP_MIN_LOG_LEVEL": "2"}
        done = subprocess.run(command, cwd=ROOT, env=quiet, check=True, text=True, stdout=subprocess.PIPE)
    epochs: list[tuple[float, float]] = json.loads(done.stdout.splitlines()[-1])
    return epochs


def _write(recipe: Recipe, folder: Path) -> Path:
    """Write the pictures for Keras: float32 from 0 to 1, all test pictures."""
    data = load_dataset(**(recipe.config.data.model_dump() | {"test_size": None}))
    (x, y), (tx, ty) = data.train.batch(slice(None)), data.test.batch(slice(None))
    path = folder / "pictures.npz"
    np.savez(path, x=x.squeeze(1).numpy(), y=y.numpy(), test_x=tx.squeeze(1).numpy(), test_y=ty.numpy())
    return path


def main() -> int:
    """Train every recipe, print the table."""
    parser = argparse.ArgumentParser(prog="python -m bench.to_accuracy", description=__doc__.splitlines()[0])
    parser.add_argument("--only", choices=RECIPES, action="append", help="train this recipe; may be repeated")
    parser.add_argument("--seeds", type=int, default=len(SEEDS))
    parser.add_argument("--force", action="store_true", help="judge although other processes use the machine")
    parser.add_argument("--keras", default=str(ROOT / ".venv-bench/bin/python"), help="the interpreter that has Keras")
    parser.add_argument("--results", type=Path, default=Path(__file__).parent / "results/to_accuracy.json")
    options = parser.parse_args()
    if not options.force and not is_ours():
        return NOT_JUDGED
    everyone = (OURS, KERAS, KERAS_BF16) if os.access(options.keras, os.X_OK) else (OURS,)
    results: dict[str, Any] = json.loads(options.results.read_text()) if options.results.exists() else {}
    for name in options.only or RECIPES:
        print(f"{name} ...", file=sys.stderr, flush=True)
        with tempfile.TemporaryDirectory() as folder:
            pictures = _write(RECIPES[name], Path(folder))
            results[name] = {
                who: [run(RECIPES[name], who, seed, options.keras, pictures) for seed in range(options.seeds)]
                for who in everyone
            }
        keep(results, options.results)
    print(describe()["processor"], "\n")
    print(report(results))
    return 0


if __name__ == "__main__":
    sys.exit(main())
