"""One labelled picture, three outputs, three losses, all of them to be dragged; see `loss_lab`."""

from collections.abc import Mapping
from typing import Any

from lib.ui.components import register


def loss_lab(*, key: str, words: Mapping[str, Any]) -> None:
    """Show the loss of a small batch as its probabilities are dragged: SSE, MSE and cross-entropy.

    words: of the part "loss", see `lib.ui.words.for_browser`

    Outputs of a picture always add up to 1: the others make room in proportion. Everything happens in the browser.
    """
    register("loss_lab")(key=key, data=dict(words))
