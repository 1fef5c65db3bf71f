"""What a dense layer and a convolution cost as pictures grow; see `cost_chart`."""

from collections.abc import Mapping
from typing import Any

from lib.ui.components import register


def cost_chart(*, key: str, words: Mapping[str, Any]) -> None:
    """Let the person choose the pictures' size and channels; count the parameters and multiply-adds of both layers.

    words: of the part "cost"
    """
    register("cost_chart")(key=key, data=dict(words))
