"""A small net on its way from random numbers to reading drawings, on Start; see `first_run`."""

from collections.abc import Callable, Mapping
from typing import Any

from lib.ui.components import register
from lib.ui.words import for_browser


def first_run(*, key: str, run: Mapping[str, Any], on_state_change: Callable[[], None]) -> None:
    """Show `run` live in one low card: how much it reads, accuracy and loss, and what it makes of eight pictures.

    run: what `run_monitor` takes; at the end the card says large what it `reads`, and leads back to the sheet
    on_state_change: called when the stream reports another state than `run["state"]`

    Its height is the same before, while and after it trains: nothing below it moves.
    """
    mount = register("first_run")
    mount(key=key, data={"run": dict(run), "glimpses": for_browser("glimpses")}, on_state_change=on_state_change)
