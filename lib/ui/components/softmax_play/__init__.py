"""Softmax by hand: scores to drag, exponentials, probabilities; see `softmax_play`."""

from collections.abc import Mapping
from typing import Any

from lib.ui.components import register


def softmax_play(*, key: str, words: Mapping[str, Any]) -> None:
    """Show how scores of three classes become probabilities that add up to 1.

    words: of the parts "neurons" and "loss" (the classes' names)
    """
    register("softmax_play")(key=key, data=dict(words))
