"""Activation curves under the pointer; see `activations`."""

from collections.abc import Mapping
from typing import Any

from lib.ui.components import register


def activations(*, key: str, words: Mapping[str, Any]) -> None:
    """Show ReLU, sigmoid and tanh, and their value and slope at the sum that the person moves along.

    words: of the part "neurons"
    """
    register("activations")(key=key, data=dict(words))
