"""The experiment of the Shift Lab: three nets of about the same size that learn the same pictures in the same order."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from lib.config import (
    Conv2d,
    DataConfig,
    Flatten,
    GlobalAvgPool2d,
    Layer,
    MaxPool2d,
    ModelConfig,
    RunConfig,
    TrainConfig,
)
from lib.datasets import DatasetInfo
from lib.experiments.matching import dense_like
from lib.models import ShapeError, summarize
from lib.runs import Run, TooMuch, get_registry

KINDS = ("dense", "flatten", "pooled")
TITLES = {"dense": "dense", "flatten": "conv + flatten", "pooled": "conv + global average pooling"}
RECENT = 200  # runs among which earlier experiments are looked for
_CONVOLUTIONS: tuple[Layer, ...] = (Conv2d(16), MaxPool2d(), Conv2d(32), MaxPool2d())


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is trained and measured."""

    pictures: int  # to train on, if there are as many
    seen: int  # pictures seen in all epochs together
    measured: int  # test pictures behind each cell of a map


EFFORTS = {
    "short": Effort(1_000, 10_000, 100),
    "usual": Effort(4_000, 32_000, 500),
    "long": Effort(10_000, 100_000, 2_000),
}


def experiment(info: DatasetInfo, effort: Effort, seed: int, *, augment: bool) -> dict[str, RunConfig]:
    """The three set-ups, by kind; equal in everything but the layers."""
    data = DataConfig(name=info.name)
    there = info.training_count(data.valid_fraction)
    pictures = min(effort.pictures, there)
    if pictures < there:
        data = data.model_copy(update={"train_size": pictures})
    train = TrainConfig(
        learning_rate=0.003, batch_size=64, epochs=ceil(effort.seen / pictures), augment=augment, precision="fp32"
    )
    return {kind: RunConfig(data=data, model=net, train=train, seed=seed) for kind, net in _nets(info).items()}


def _nets(info: DatasetInfo) -> dict[str, ModelConfig]:
    """Of about as many parameters as the one with Flatten has."""
    classes = len(info.classes)
    flatten = ModelConfig(layers=(*_CONVOLUTIONS, Flatten()))
    *_, maps, _, last = summarize(flatten, info.input_shape, classes).rows
    # One more convolution instead of the flattened class layer: a filter has 3×3 weights for each of the maps before,
    # a bias, and a weight for every class.
    filters = round((last.parameters - classes) / (9 * maps.output_shape[0] + 1 + classes))
    pooled = ModelConfig(layers=(*_CONVOLUTIONS, Conv2d(filters), GlobalAvgPool2d()))
    dense = dense_like(flatten, info.input_shape, classes, "parameters")
    return {"dense": dense, "flatten": flatten, "pooled": pooled}


def runs_of(configs: Sequence[RunConfig]) -> list[Run | None]:
    """For each set-up a run of this machine that has it: a finished one, else one under way, whoever started it.

    Equal set-ups give equal nets on one machine, so there is nothing to train twice.
    """
    recent = get_registry().newest(RECENT)
    return [_best([run for run in recent if run.config == config]) for config in configs]


def _best(runs: list[Run]) -> Run | None:
    finished = [run for run in runs if run.state == "finished" and run.weights() is not None]
    return next(iter(finished or [run for run in runs if not run.has_ended]), None)


def why_broken(config: RunConfig) -> str | None:
    """What the newest run of this set-up said when it failed; None if it did not."""
    newest = next((run for run in get_registry().newest(RECENT) if run.config == config), None)
    return newest.message if newest and newest.state == "failed" else None


def start(configs: Sequence[RunConfig], owner: str) -> None:
    """Start a run for each set-up, or none of them. Raises TooMuch, ShapeError or ValueError, in plain words."""
    started: list[Run] = []
    try:
        for config in configs:
            started.append(get_registry().start(config, owner))
    except (TooMuch, ShapeError, ValueError):
        for run in started:
            run.stop(owner)
        raise


def progress(runs: Sequence[Run]) -> dict[str, Any]:
    """How far several runs are together: `share` 0..1, `seconds_left` or None, and `epochs`: (now, all) of each."""
    states = [run.status() for run in runs]
    left = [state["seconds_left"] for run, state in zip(runs, states, strict=True) if not run.has_ended]
    costs = [_cost(run) for run in runs]
    done = [1.0 if run.has_ended else state["progress"] for run, state in zip(runs, states, strict=True)]
    return {
        "share": sum(cost * share for cost, share in zip(costs, done, strict=True)) / sum(costs),
        # Runs share the machine: the one that ends last ends about when it thinks.
        "seconds_left": max(left) if left and None not in left else None,
        "epochs": [(state["epoch"], state["epochs"]) for state in states],
    }


def _cost(run: Run) -> int:
    data = run.dataset
    return summarize(run.config.model, data.input_shape, len(data.classes)).multiply_adds
