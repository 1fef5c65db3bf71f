"""The live figures, curves and answers of one run; see `run_monitor`."""

from collections.abc import Callable, Mapping
from typing import Any

from lib.ui.components import register
from lib.ui.words import for_browser


def run_monitor(
    *,
    key: str,
    run: Mapping[str, Any] | None,
    before: Mapping[str, Any] | None,
    plotly_url: str,
    on_state_change: Callable[[], None],
) -> Any:
    """Show `run` live: five figures, accuracy, loss, and what the net makes of eight pictures.

    run: None draws the axes, what guessing would give and the sentence that says what to press; else
        id, name: the address in `/api/runs/{id}/events`, and what people call it
        state: pending, running, paused, finished, stopped or failed, as this script run knows it
        epochs: how far the x axis goes until the stream says otherwise
        classes: names; pictures: up to eight {"png": base64, "label": class index}, none of them trained on
        guess_accuracy (0..1), guess_loss: what guessing would give
        schedule: of the learning rate, whose present value is said unless it is "constant"
        reads: the share (0..1) of the test pictures that it read at its end, None before: said large, and
        leads: the pages that it then leads on to
        loss_name: in the page's language; valid_name: "validation" or "test"
    before: where there is no run, what one would be: as `run`, with "id" None, and `before`: what stands in the five
        tiles then, each {"name", "value"}
    plotly_url: where our own server has `plotly.min.js`.
    on_state_change: called when the stream reports another state than `run["state"]`; the new one is `result.state`.

    A run that has ended can be replayed: what it said of the pictures meanwhile comes from `/api/runs/{id}/moments`.
    Nothing else comes back: the curves need no rerun.
    """
    mount = register("run_monitor")
    shown = dict(run) if run is not None else None
    data = {"run": shown, "before": before, "plotly_url": plotly_url, "glimpses": for_browser("glimpses")}
    return mount(key=key, data=data, on_state_change=on_state_change)
