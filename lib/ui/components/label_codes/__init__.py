"""Names, integers and one-hot vectors of classes, each turned into the others; see `label_codes`."""

from collections.abc import Mapping, Sequence
from typing import Any

from lib.ui.components import register


def label_codes(*, key: str, words: Mapping[str, Any], classes: Sequence[str]) -> None:
    """Draw the table of `classes` with their codes; whatever is chosen in one code is shown in the two others.

    words: of the part "data", see `lib.ui.words.for_browser`

    The order can be changed, by the buttons of a line or by shuffling. Everything happens in the browser, and is
    forgotten when other classes come.
    """
    register("label_codes")(key=key, data={**words, "classes": list(classes)})
