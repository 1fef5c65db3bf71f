"""The curves of several runs over each other, live; see `overlay_curves`."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from lib.ui.components import register


def overlay_curves(
    *, key: str, runs: Sequence[Mapping[str, Any]], plotly_url: str, on_state_change: Callable[[], None]
) -> Any:
    """Draw accuracy and loss of `runs` on one axis of epochs, iterations or seconds.

    runs: at most eight, each {"id", "name", "state" as this script run knows it, "epochs": how far the axis goes until
        the stream says otherwise, "guess_accuracy", "guess_loss", "valid_name": "validation" or "test"}; the place in
        the list decides colour, line and marker
    plotly_url: where our own server has `plotly.min.js`
    on_state_change: called when a run's state is another than given; `result.state` is {"id", "state"}
    """
    data = {"runs": [dict(run) for run in runs], "plotly_url": plotly_url}
    return register("overlay_curves")(key=key, data=data, on_state_change=on_state_change)
