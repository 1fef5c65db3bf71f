"""The data sets as a row of pictures, of which one is chosen; see `data_row`."""

from collections.abc import Callable, Sequence
from typing import TypedDict

from lib.ui.components import heard, register

_KEY = "data-row"


class Choice(TypedDict):
    """A data set to choose; `here`: its pictures are on this machine."""

    name: str
    title: str
    here: bool


def data_row(*, label: str, choices: Sequence[Choice], chosen: str, on_chosen: Callable[[], None]) -> None:
    """Mount the row; `on_chosen` is called when somebody has chosen, and `picked` then says what."""
    data = {"label": label, "choices": list(choices), "chosen": chosen}
    register("data_row")(key=_KEY, data=data, on_chosen_change=on_chosen)


def picked() -> str | None:
    """The name that was chosen just now, whatever the browser says it is; None if nothing was."""
    return heard(_KEY, "chosen", str)
