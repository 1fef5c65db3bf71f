"""Small pictures side by side, each with what a net says to it; see `picture_wall`."""

from collections.abc import Mapping, Sequence
from typing import Any

from lib.ui.components import register


def picture_wall(*, key: str, title: str, note: str, tiles: Sequence[Mapping[str, Any]]) -> None:
    """Draw a wall of pictures; new answers change the words and leave the pictures where they are.

    tiles: each {"png": base64, "name": what it shows, "answer": the net's class, "share": its probability 0..1,
        "refused": True where the answer is withheld}
    """
    data = {"title": title, "note": note, "tiles": [dict(tile) for tile in tiles]}
    register("picture_wall")(key=key, data=data)
