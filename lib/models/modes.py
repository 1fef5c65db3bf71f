"""Training and evaluation: the two modes of a net."""

from collections.abc import Iterator
from contextlib import contextmanager

from torch import nn


@contextmanager
def evaluating(model: nn.Module) -> Iterator[None]:
    """Keep `model` in evaluation mode inside this block; the mode of each of its modules returns afterwards.

    Dropout draws nothing meanwhile and batch norm learns nothing. Never around a yield: somebody else may go on with
    the model in between.
    """
    modes = [(module, module.training) for module in model.modules()]
    model.eval()
    try:
        yield
    finally:
        for module, mode in modes:  # one by one: a part of a net need not be in the mode of the whole
            module.training = mode
