"""Nets as Keras' own exporter writes them, and what Keras says of eight pictures: made in two environments.

`python tests/nets/keras/make.py pictures` with Glasshouse's packages cuts a few pictures of the sets that ship with it;
`python tests/nets/keras/make.py nets` with Keras' trains and exports. Keras stands in no requirements here: the tests
read what this wrote.
"""

import sys
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
CUT = HERE / "cut.npz"  # only between the two steps
SHOWN = 8


def pictures() -> None:
    """300 of each set, `(N, H, W, C)` of 0..255, and their labels."""
    sys.path.insert(0, str(HERE.parents[2]))
    from lib.datasets.splits import load_dataset

    cut = {}
    for name in ("doodles", "stickers"):
        train = load_dataset(name, train_size=300, scale_pixels=False).train
        cut[name] = train.images.permute(0, 2, 3, 1).numpy().round().astype(np.uint8)
        cut[f"{name} labels"] = train.labels.numpy()
    np.savez(CUT, **cut)


def nets() -> None:
    """Train each for a moment, ask it, and let Keras export it."""
    import keras
    from keras import layers as of

    keras.utils.set_random_seed(0)
    made = {
        "maps": ("doodles", [
            of.Conv2D(4, 3, padding="same", activation="relu"), of.BatchNormalization(), of.MaxPooling2D(2),
            of.Conv2D(6, 3, strides=2, activation="tanh"), of.Flatten(), of.BatchNormalization(),
            of.Dense(12, activation="relu"), of.Dropout(0.3),
        ]),
        "rows": ("doodles", [
            of.Flatten(), of.Dense(16, activation="sigmoid"), of.BatchNormalization(), of.Dense(12),
            of.LeakyReLU(negative_slope=0.01),
        ]),
        "rescaled": ("stickers", [
            of.Rescaling(1 / 255), of.Conv2D(8, 3, padding="same", activation="relu"), of.AveragePooling2D(2),
            of.Conv2D(8, 5, activation="relu"), of.GlobalAveragePooling2D(),
        ]),
        "apart": ("stickers", [
            of.Rescaling(1 / 127.5, offset=-1), of.Conv2D(6, 3, strides=2, padding="same", use_bias=False),
            of.BatchNormalization(), of.ReLU(), of.DepthwiseConv2D(3, padding="same"),
            of.Conv2D(8, 1, activation="relu"), of.BatchNormalization(), of.GlobalAveragePooling2D(),
        ]),
    }  # fmt: skip
    with np.load(CUT) as cut:
        for name, (of_set, layers) in made.items():
            shown, labels = cut[of_set], cut[f"{of_set} labels"]
            x = shown.astype(np.float32) / (1 if of_set == "stickers" else 255)
            net = keras.Sequential([keras.Input(x.shape[1:]), *layers, of.Dense(10, activation="softmax")])
            net.compile(keras.optimizers.Adam(0.003), "sparse_categorical_crossentropy", metrics=["accuracy"])
            net.fit(x, labels, epochs=20, batch_size=20, verbose=2)
            says = net.predict(x[:SHOWN], verbose=0)
            np.savez_compressed(HERE / f"{name}.npz", pictures=shown[:SHOWN], says=says)
            net.export(HERE / f"{name}.onnx", format="onnx", verbose=False)


if __name__ == "__main__":
    {"pictures": pictures, "nets": nets}[sys.argv[1]]()
