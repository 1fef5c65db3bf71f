"""The pictures behind a confusion matrix, or behind one cell of it, each with its story; see `cell_pictures`."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

from lib.ui.components import register


def cell_pictures(
    *,
    key: str,
    title: str,
    note: str,
    tiles: Sequence[Mapping[str, Any]],
    moments: Sequence[int],
    empty: str,
    on_opened: Callable[[], None] | None = None,
    on_cleared: Callable[[], None] | None = None,
    leads_to: Literal["all_mistakes", "all_pictures"] = "all_mistakes",
) -> Any:
    """Draw a wall of pictures; those that stay are not drawn anew.

    tiles: each {"place": of the picture in its split, "png": base64, "name": what it is, "truth": its class where the
        title does not say it, "answer": the net's class, "share": its probability 0..1, "right": whether each moment's
        answer was right, "says": since when it is}
    moments: the iterations of those moments
    empty: the sentence where there are no tiles
    on_opened: with it pictures are buttons; called when one is pressed, then `heard(key, "opened", Place)` says which
    on_cleared: with it there is a button that says where it `leads_to`; called when it is pressed
    """
    data = {
        "title": title,
        "note": note,
        "tiles": [dict(tile) for tile in tiles],
        "moments": list(moments),
        "empty": empty,
        "opens": on_opened is not None,
        "clears": leads_to if on_cleared else "",
    }
    listens = {"on_opened_change": on_opened, "on_cleared_change": on_cleared}
    listens = {name: call for name, call in listens.items() if call}
    return register("cell_pictures")(key=key, data=data, **listens)
