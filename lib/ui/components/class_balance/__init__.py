"""How many training pictures each class has and keeps; see `class_balance`."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from lib.ui.components import register

_SHARED = ("numbers.js", "view.js", "words.js")


def class_balance(
    *,
    key: str,
    words: Mapping[str, Any],
    classes: Sequence[str],
    counts: Sequence[int],
    keep: Sequence[tuple[int, int]],
    locked: bool,
    on_keep_change: Callable[[], None],
) -> Any:
    """Draw one bar for each class with a slider on it: what there is, quietly, and what stays.

    words: of the part "data", see `lib.ui.words.for_browser`
    counts: training pictures of each class when all are kept
    keep: pairs (class, per cent) as in `DataConfig.keep`; classes that are not named keep all
    locked: True shows the bars without sliders

    `result.keep` is asked for when a slider is let go: the new pairs. At least one class always keeps something.
    """
    data = {
        **words,
        "classes": list(classes),
        "counts": list(counts),
        "keep": [list(pair) for pair in keep],
        "locked": locked,
    }
    return register("class_balance", shared=_SHARED)(key=key, data=data, on_keep_change=on_keep_change)
