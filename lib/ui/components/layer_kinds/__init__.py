"""What one output of each kind of layer sees: dense, convolution, pooling, recurrent; see `layer_kinds`."""

from collections.abc import Mapping
from typing import Any

from lib.ui.components import register


def layer_kinds(*, key: str, words: Mapping[str, Any]) -> None:
    """Lead the same eight numbers into four kinds of layer; each output shows what it sees and how it is made.

    words: of the part "neurons"
    """
    register("layer_kinds")(key=key, data=dict(words))
