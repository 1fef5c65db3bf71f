"""A slider through the moments of a training, with a play button; see `time_machine`."""

from collections.abc import Sequence
from typing import Any

from lib.ui.components import Index, heard, register


def asked_for(key: str) -> int | None:
    """The step that the slider mounted under `key` was last moved to; None for now, where it starts."""
    return heard(key, "at", Index)


def time_machine(*, key: str, steps: Sequence[int], now: int, shown: int | None, epoch_steps: int | None) -> Any:
    """Let the person choose one of the moments `steps`, or now; arrow keys go from moment to moment.

    steps: the moments before now, in order; 0 is the random start
    now: the step of the net as it is
    shown: the moment that the page shows, None for now
    epoch_steps: steps of an epoch, when that is known: an epoch's end gets a larger mark

    Mount it after everything that shows the moment: while the slider is dragged, the next moment is asked for only
    when this one has come back, so that every one is drawn. `result.at` is a step, or None for now.
    """
    data = {
        "steps": list(steps),
        "now": now,
        "at": asked_for(key),
        "shown": shown,
        "epochSteps": epoch_steps,
    }
    mount = register("time_machine")
    return mount(key=key, data=data, default={"at": None}, on_at_change=lambda: None)
