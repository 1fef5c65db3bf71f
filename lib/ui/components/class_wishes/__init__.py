"""Buttons that wish something of the class, each with a POST of its own; see `class_wishes`."""

from collections.abc import Mapping, Sequence
from typing import Any

from lib.ui.components import register
from lib.ui.words import say

Button = Mapping[str, Any]
_REFUSALS = ("four_are_shown", "nothing_shown", "shelf_full", "no_run", "too_few_options", "no_question", "not_started",
             "nothing_hidden")  # fmt: skip


def button(
    label: str, wish: str, *, look: str = "plain", pressed: bool | None = None, sure: str = "", **values: Any
) -> Button:
    """One button: `values` are the wish's fields; pressed: it is a switch, on or off; sure: asked before it is done."""
    return {"label": label, "wish": {"wish": wish, **values}, "look": look, "pressed": pressed, "sure": sure}


def class_wishes(*, key: str, token: str, buttons: Sequence[Button], label: str) -> None:
    """Draw a row of buttons; the page runs again once a wish was granted.

    token: goes along with each; label: what the row is about, for who does not see it
    """
    data = {"token": token, "buttons": [dict(each) for each in buttons], "label": label,
            "failed": say("class_desk.failed"),
            "refusals": {code: say(f"class_desk.{code}") for code in _REFUSALS}}  # fmt: skip
    register("class_wishes")(key=key, data=data, on_done_change=lambda: None)
