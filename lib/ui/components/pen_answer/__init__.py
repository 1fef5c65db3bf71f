"""What a net in the page says of a drawing, while the server has not heard of it; see `pen_answer`."""

from collections.abc import Mapping, Sequence
from typing import Any

from lib.ui.components import register


def pen_answer(
    *,
    key: str,
    net: Mapping[str, Any],
    classes: Sequence[str],
    caption: str,
    turn: int | None,
) -> None:
    """Stand in for the answer that the server has written, as long as the drawing is ahead of it.

    Last in the container `key="pen-and-said"`, whose other content gives way meanwhile.
    net: as `feature_maps` takes it
    caption: what stands below the very numbers that go in
    turn: of the drawing that the server has answered, None before there is one
    """
    data = {"net": dict(net), "classes": list(classes), "caption": caption, "turn": turn}
    register("pen_answer", isolated=False)(key=key, data=data)
