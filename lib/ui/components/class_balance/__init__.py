"""How many training pictures each class has and keeps; see `class_balance`."""

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any

from pydantic import Field

from lib.ui.components import heard, register

_Pair = Annotated[list[Annotated[int, Field(ge=0, le=1000)]], Field(min_length=2, max_length=2)]
_Pairs = Annotated[list[_Pair], Field(max_length=1000)]


def asked_to_keep(key: str) -> list[tuple[int, int]] | None:
    """The pairs (class, per cent) that the sliders mounted under `key` ask for; None for now."""
    pairs = heard(key, "keep", _Pairs)
    return None if pairs is None else [(label, share) for label, share in pairs]


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

    `asked_to_keep` is set when a slider is let go: the new pairs. At least one class always keeps something.
    """
    data = {
        **words,
        "classes": list(classes),
        "counts": list(counts),
        "keep": [list(pair) for pair in keep],
        "locked": locked,
    }
    return register("class_balance")(key=key, data=data, on_keep_change=on_keep_change)
