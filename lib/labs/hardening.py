"""Train on pictures that were made to fool the net, so that it is harder to fool (Goodfellow et al. 2015)."""

from collections.abc import Generator
from copy import deepcopy

from torch import Tensor, nn
from torch.nn import functional

from lib.config import TrainConfig
from lib.datasets import Split
from lib.labs.fooling import fooled
from lib.labs.learning import learn_by

LEVELS = 24  # grey levels of 255 by which every training picture is changed anew in every step
PICTURES, EPOCHS = 4_000, 3


def hardened(
    model: nn.Sequential, train: Split, seed: int = 0, epochs: int = EPOCHS, levels: int = LEVELS
) -> Generator[float, None, nn.Sequential]:
    """Go on training a copy of `model`, half of it on pictures that fool it as it is now."""

    def objective(net: nn.Module, x: Tensor, y: Tensor) -> Tensor:
        changed = fooled(net, x, y, levels * train.scale, white=255 * train.scale)
        net.train()
        return (functional.cross_entropy(net(x), y) + functional.cross_entropy(net(changed), y)) / 2

    copy = deepcopy(model)
    config = TrainConfig(learning_rate=0.001, batch_size=64, epochs=epochs, precision="fp32")
    yield from learn_by(objective, copy, train, config, seed)
    return copy
