"""What a dense layer and a convolution cost as pictures grow; see `cost_chart`."""

from collections.abc import Mapping
from typing import Any

from lib.ui.components import register
from lib.ui.components.loss_lab import SHARED


def cost_chart(*, key: str, words: Mapping[str, Any]) -> None:
    """Let the person choose the pictures' size and channels; count the parameters and multiply-adds of both layers.

    words: of the part "cost"
    """
    register("cost_chart", shared=SHARED)(key=key, data=dict(words))
