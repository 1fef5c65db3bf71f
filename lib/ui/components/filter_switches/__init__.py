"""The filters of a layer as switches that mute them; see `filter_switches`."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from lib.ui.components import Index, Message, register


class Switch(Message):
    """The filter that was pressed, from 0."""

    index: Index


def filter_switches(
    *,
    key: str,
    title: str,
    filters: Sequence[Mapping[str, Any]],
    maps: Mapping[str, Any] | None,
    muted: Sequence[int],
    edited: Sequence[int],
    on_toggled: Callable[[], None],
) -> Any:
    """Show every filter of a layer with its map of the picture; pressing one mutes it or lets it speak again.

    filters: from `filter_grid.encode_filters`
    maps: what `feature_maps.encode_maps` gives for the layer's answer, None without a picture
    muted, edited: which of them are silent, and which have a changed weight; indices from 0

    `heard(key, "toggled", Switch)` is there for one rerun after a press; `on_toggled` is called first.
    """
    data = {
        "title": title,
        "filters": [dict(filter_) for filter_ in filters],
        "maps": dict(maps) if maps is not None else None,
        "muted": list(muted),
        "edited": list(edited),
    }
    return register("filter_switches")(key=key, data=data, on_toggled_change=on_toggled)
