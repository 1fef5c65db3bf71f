"""PyTorch as its tutorials use it: a Dataset, a DataLoader, float32, one `.item()` a step."""

import json
import sys
from importlib.metadata import version
from time import perf_counter
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset

from bench.contestants.turns import WARM_UP, serve

_ACTIVATIONS = {"relu": nn.ReLU, "sigmoid": nn.Sigmoid, "tanh": nn.Tanh, "linear": nn.Identity}


class Pictures(Dataset):
    """Pictures and labels, one at a time."""

    def __init__(self, path: str) -> None:
        arrays = np.load(path)
        self.images = torch.from_numpy(arrays["x"]).unsqueeze(1)
        self.labels = torch.from_numpy(arrays["y"])

    def __len__(self) -> int:
        return len(self.labels)

    def __getitem__(self, index: int) -> tuple[torch.Tensor, torch.Tensor]:
        return self.images[index], self.labels[index]


def build(layers: list[dict[str, Any]], classes: int) -> nn.Sequential:
    """Build the same net from torch's own modules."""
    modules: list[nn.Module] = []
    for layer in layers:
        match layer["kind"]:
            case "conv2d":
                modules.append(
                    nn.LazyConv2d(layer["filters"], layer["kernel_size"], layer["stride"], padding=layer["padding"])
                )
            case "max_pool2d":
                modules.append(nn.MaxPool2d(layer["size"]))
            case "avg_pool2d":
                modules.append(nn.AvgPool2d(layer["size"]))
            case "flatten":
                modules.append(nn.Flatten())
            case "dense":
                modules.append(nn.LazyLinear(layer["units"]))
            case kind:
                raise ValueError(f"no contest with a layer {kind!r}")
        if "activation" in layer:
            modules.append(_ACTIVATIONS[layer["activation"]]())
    return nn.Sequential(*modules, nn.LazyLinear(classes))


def main(task: dict[str, Any]) -> None:
    """Train `task` whenever told."""
    pictures = Pictures(task["pictures"])
    loader = DataLoader(pictures, batch_size=task["batch_size"], shuffle=True, num_workers=0)
    model = build(task["layers"], int(pictures.labels.max()) + 1)
    model(pictures[0][0][None])  # the lazy layers learn their sizes
    criterion = nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=task["learning_rate"])

    def train(seconds: float) -> tuple[int, float]:
        began, started, seen, running_loss = perf_counter(), None, 0, 0.0
        while True:
            for images, labels in loader:
                model.train()
                loss = criterion(model(images), labels)
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                running_loss += loss.item()
                now = perf_counter()
                if started is None:
                    started = now if now - began > WARM_UP else None
                    continue
                seen += len(labels)
                if now - started > seconds:
                    return seen, now - started

    parameters = sum(parameter.numel() for parameter in model.parameters())
    serve(train, version=f"torch {version('torch')}", parameters=parameters, precision="fp32")


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
