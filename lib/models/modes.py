"""Training and evaluation: the two modes of a net."""

from collections.abc import Iterator
from contextlib import contextmanager

from torch import nn


@contextmanager
def evaluating(model: nn.Module) -> Iterator[None]:
    """Keep `model` in evaluation mode inside this block; the mode it had returns afterwards.

    Dropout draws nothing meanwhile and batch norm learns nothing. Never around a yield: somebody else may go on with
    the model in between.
    """
    was_training = model.training
    model.eval()
    try:
        yield
    finally:
        model.train(was_training)
