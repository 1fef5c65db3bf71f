"""Keras with the same net, optimizer and schedule: seconds and test accuracy of every epoch."""

import json
import sys
from typing import Any

import keras
import numpy as np

from bench.contestants.keras_fit import Clock, build

_OPTIMIZERS = {"adam": keras.optimizers.Adam, "adamw": keras.optimizers.AdamW}


def _trace(model: keras.Model, optimizer: keras.optimizers.Optimizer, x: np.ndarray, y: np.ndarray) -> None:
    """Let Keras prepare one step, and take that step back: nobody's clock runs meanwhile."""
    optimizer.build(model.trainable_variables)
    kept = [(variable, variable.numpy()) for variable in (*model.variables, *optimizer.variables)]
    model.fit(x, y, batch_size=len(x), epochs=1, verbose=0)
    for variable, value in kept:
        variable.assign(value)


def main(task: dict[str, Any]) -> None:
    """Train `task`, print the list."""
    train = task["config"]["train"]
    keras.utils.set_random_seed(task["config"]["seed"])
    keras.config.set_dtype_policy({"fp32": "float32", "bf16": "mixed_bfloat16"}[task["precision"]])
    arrays = np.load(task["pictures"])
    x, y, test_x, test_y = (arrays[name] for name in ("x", "y", "test_x", "test_y"))
    names = {"np": np, "keras": keras, "LEARNING_RATE": train["learning_rate"], "STEPS": task["steps"]}
    exec(task["schedule"], names)  # makes `rate`, as our exported programs do
    model = build(task["config"]["model"]["layers"], (*x.shape[1:], 1), int(y.max()) + 1)
    optimizer = _OPTIMIZERS[train["optimizer"]](names["rate"])
    model.compile(optimizer=optimizer, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    _trace(model, optimizer, x[: train["batch_size"], ..., None], y[: train["batch_size"]])
    epochs = []
    for _ in range(train["epochs"]):
        clock = Clock()
        model.fit(x[..., None], y, batch_size=train["batch_size"], epochs=1, verbose=0, callbacks=[clock])
        epochs.append((clock.seconds, float(model.evaluate(test_x[..., None], test_y, batch_size=500, verbose=0)[1])))
    print(json.dumps(epochs))


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
