"""The wall of a class: a tile a student, live; see `class_wall`."""

from typing import Any

from lib.ui.components import register
from lib.ui.words import for_browser


def class_wall(*, token: str) -> None:
    """Draw everybody in the room, who needs the teacher first, and what she may wish of each and of all.

    token: goes along with what is wished. The tiles come over one connection, at most twice a second.
    """
    data: dict[str, Any] = {"token": token, **for_browser("class_wall")}
    register("class_wall")(key="class_wall", data=data)
