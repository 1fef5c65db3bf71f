"""The class on every page: who somebody is, her hand, and the sentence when everybody stops; see `class_bar`."""

from typing import Any, Literal

from lib.ui.components import register
from lib.ui.words import for_browser


def class_bar(*, who: Literal["student", "teacher"], name: str, token: str) -> None:
    """Put a small bar at the foot of the page, which hears the class's news by itself.

    who: a student has her name and her hand there, a teacher whom she is needed by and "stop and look"
    token: goes along with what is wished
    """
    data: dict[str, Any] = {"who": who, "name": name, "token": token, **for_browser("class_bar")}
    mount = register("class_bar")
    mount(key="class_bar", data=data, on_out_change=lambda: None)
