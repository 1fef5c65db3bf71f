"""The pill in the header that shows the current run on every page; see `run_pill`."""

from collections.abc import Mapping
from typing import Any

from lib.ui.components import register


def run_pill(*, run: Mapping[str, Any] | None, href: str) -> None:
    """Put "fern-12 · epoch 4 of 5 · 86.9 %" into Streamlit's top bar, linked to `href`; nothing for None.

    run: id, name and state are read (the rest comes from the run's stream), so `run_monitor`'s dictionary will do.
    href: where a new tab would open it, `/train?run=...`; a plain click stays in this session.

    Call it once per script run, in the router, before the page. Below 1000 pixels it is a dot and the accuracy.
    """
    shown = {name: run[name] for name in ("id", "name", "state")} if run is not None else None
    mount = register("run_pill")
    mount(key="run_pill", data={"run": shown, "href": href}, on_back_change=lambda: None)
