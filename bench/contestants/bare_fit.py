"""Glasshouse's engine without the dashboard: `fit` in a loop, on a thread set up as the dashboard's."""

import json
import sys
from collections.abc import Iterator
from importlib.metadata import version
from time import perf_counter
from typing import Any

from bench.contestants.turns import WARM_UP, serve
from lib import RunConfig, build_model, fit, load_dataset
from lib.training.events import Event
from lib.training.machine import become_training_thread


def main(task: dict[str, Any]) -> None:
    """Train `task` whenever told."""
    config = RunConfig.model_validate(task["config"])
    data = load_dataset(**config.data.model_dump())
    become_training_thread()
    model = build_model(config.model, data.input_shape, len(data.classes), config.seed)
    events: Iterator[Event] = fit(model, data.train, data.valid, config.train)
    first = next(events)

    def train(seconds: float) -> tuple[int, float]:
        began, started, seen = perf_counter(), None, 0
        for event in events:
            now = perf_counter()
            if started is None:
                started = now if now - began > WARM_UP else None
                continue
            if event.kind == "step_end":
                seen += len(event.labels)
            if now - started > seconds:
                return seen, now - started
        raise RuntimeError("the run ended before the bench did")

    parameters = sum(parameter.numel() for parameter in model.parameters())
    assert first.kind == "run_started"
    serve(train, version=f"torch {version('torch')}", parameters=parameters, precision=first.precision)


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
