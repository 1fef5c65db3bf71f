"""Glasshouse's engine, from the first step to the last: seconds and test accuracy of every epoch."""

import json
import sys
from typing import Any

from lib import RunConfig, build_model, evaluate, fit, load_dataset
from lib.training.machine import become_training_thread


def main(task: dict[str, Any]) -> None:
    """Train `task`, print the list."""
    config = RunConfig.model_validate(task["config"])
    data = load_dataset(**config.data.model_dump())
    whole = load_dataset(**(config.data.model_dump() | {"test_size": None}))
    become_training_thread()
    model = build_model(config.model, data.input_shape, len(data.classes), config.seed)
    epochs = []
    for event in fit(model, data.train, data.valid, config.train, seed=config.seed):
        if event.kind == "epoch_end":
            epochs.append((event.seconds, evaluate(model, whole.test).accuracy))
    print(json.dumps(epochs))


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
