"""The class on every page: who somebody is, her hand, where she was sent, and the sentence when everybody stops."""

from collections.abc import Callable
from typing import Any, Literal

from lib.ui.components import register
from lib.ui.words import for_browser


def class_bar(
    *,
    who: Literal["student", "teacher"],
    name: str,
    token: str,
    sent: int = 0,
    rules: str = "",
    sent_here: bool = False,
    at_desk: bool = False,
    on_back: Callable[[], None] = lambda: None,
    on_wall: Callable[[], None] = lambda: None,
) -> None:
    """Put a small bar at the foot of the page, which hears the class's news by itself.

    who: a student has her name and her hand there, a teacher whom she is needed by, "stop and look", and sending;
        the link to who needs her is `on_wall`
    token: goes along with what is wished
    sent: the number of what this page has followed last; for a newer one the page runs again
    rules: what the class may and does together, as this page knows it; where that changes the page runs again
    at_desk: a teacher's page where nobody can be sent
    sent_here: the teacher brought her to this page, and `on_back` brings her back
    """
    data: dict[str, Any] = {"who": who, "name": name, "token": token, "sent": sent, "rules": rules,
                            "back": sent_here, "desk": at_desk, **for_browser("class_bar")}  # fmt: skip
    mount = register("class_bar")
    mount(key="class_bar", data=data, on_out_change=lambda: None, on_back_change=on_back, on_wall_change=on_wall)
