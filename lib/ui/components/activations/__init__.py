"""Activation curves under the pointer; see `activations`."""

from collections.abc import Mapping
from typing import Any

from lib.ui.components import register
from lib.ui.components.loss_lab import SHARED


def activations(*, key: str, words: Mapping[str, Any]) -> None:
    """Show ReLU, sigmoid and tanh, and their value and slope at the sum that the person moves along.

    words: of the part "neurons"
    """
    register("activations", shared=(*SHARED, "../activations/functions.js"))(key=key, data=dict(words))
