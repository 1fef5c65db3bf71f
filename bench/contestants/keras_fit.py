"""Keras as its tutorials use it: a Sequential model, `compile`, `fit` on float32 arrays in memory."""

import json
import sys
from importlib.metadata import version
from math import ceil
from time import perf_counter
from typing import Any

import keras
import numpy as np

from bench.contestants.turns import WARM_UP, serve

_CALIBRATION = 1.0  # seconds of `fit` that tell how many pictures make a turn


def build(layers: list[dict[str, Any]], input_shape: tuple[int, ...], classes: int) -> keras.Model:
    """Build the same net; the softmax stays in float32, as Keras advises for mixed precision."""
    model = keras.Sequential([keras.Input(input_shape)])
    for layer in layers:
        match layer["kind"]:
            case "conv2d":
                options = {name: layer[name] for name in ("padding", "activation")}
                model.add(keras.layers.Conv2D(layer["filters"], layer["kernel_size"], layer["stride"], **options))
            case "max_pool2d":
                model.add(keras.layers.MaxPooling2D(layer["size"]))
            case "avg_pool2d":
                model.add(keras.layers.AveragePooling2D(layer["size"]))
            case "batch_norm":
                model.add(keras.layers.BatchNormalization(momentum=0.9, epsilon=1e-5))
            case "dropout":
                model.add(keras.layers.Dropout(layer["rate"]))
            case "flatten":
                model.add(keras.layers.Flatten())
            case "dense":
                model.add(keras.layers.Dense(layer["units"], activation=layer["activation"]))
            case kind:
                raise ValueError(f"no contest with a layer {kind!r}")
    model.add(keras.layers.Dense(classes, activation="softmax", dtype="float32"))
    return model


class Clock(keras.callbacks.Callback):
    """Adds up the training itself: after an epoch `fit` may rest for a second while its data pipeline is taken down."""

    seconds = 0.0

    def on_epoch_begin(self, _epoch: int, _logs: object = None) -> None:
        """Start."""
        self.started = perf_counter()

    def on_epoch_end(self, _epoch: int, _logs: object = None) -> None:
        """Stop."""
        self.seconds += perf_counter() - self.started


def main(task: dict[str, Any]) -> None:
    """Train `task` whenever told."""
    keras.config.set_dtype_policy({"fp32": "float32", "bf16": "mixed_bfloat16"}[task["precision"]])
    arrays = np.load(task["pictures"])
    x, y, batch = arrays["x"][..., None], arrays["y"], task["batch_size"]
    model = build(task["layers"], x.shape[1:], int(y.max()) + 1)
    adam = keras.optimizers.Adam(task["learning_rate"])
    model.compile(optimizer=adam, loss="sparse_categorical_crossentropy", metrics=["accuracy"])

    def fit(pictures: int) -> tuple[int, float]:
        clock, times = Clock(), ceil(pictures / len(x))
        # Whole batches only: a smaller last one would be traced anew, which no tutorial waits for twice.
        each = max(1, min(pictures // times, len(x)) // batch) * batch
        for _ in range(times):
            model.fit(x[:each], y[:each], batch_size=batch, epochs=1, verbose=0, callbacks=[clock])
        return each * times, clock.seconds

    pictures = 4 * batch
    fit(pictures)  # builds and traces
    while (taken := fit(pictures))[1] < _CALIBRATION:
        pictures *= 2
    rate = taken[0] / taken[1]

    def train(seconds: float) -> tuple[int, float]:
        fit(int(rate * WARM_UP))
        return fit(int(rate * seconds))

    versions = f"keras {version('keras')} on tensorflow {version('tensorflow-cpu')}"
    serve(train, version=versions, parameters=model.count_params(), precision=task["precision"])


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
