"""The textbook's tiny net with every number to be dragged; see `tiny_net`."""

from collections.abc import Mapping
from typing import Any

from lib.ui.components import register


def tiny_net(*, key: str, words: Mapping[str, Any]) -> None:
    """Show one input, three neurons, two neurons and one output; the sums follow every weight at once.

    words: of the part "neurons"
    """
    register("tiny_net")(key=key, data=dict(words))
