"""A button that makes somebody else of this browser; see `class_leave`."""

from lib.ui.components import register


def class_leave(*, label: str, explains: str, token: str) -> None:
    """Offer to become somebody else: a plain form, whose answer brings another cookie. token: goes along with it."""
    register("class_leave")(key="class_leave", data={"label": label, "explains": explains, "token": token})
