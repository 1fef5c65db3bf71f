"""Widgets bound to the set-up: each shows the value at its path, and writes a new one back."""

from collections.abc import Callable, Iterable
from typing import Any

import streamlit as st

from lib.config import MAX_EPOCHS, RunConfig, TrainConfig
from lib.ui import state
from lib.ui.lesson.hiding import is_hidden


def choose(
    widget: Callable[..., Any],
    label: str,
    options: Iterable[Any] | None,
    path: str,
    config: RunConfig,
    format_func: Callable[[Any], str] = str,
    help_text: str | None = None,
) -> None:
    """Draw `widget` for the set-up's value at `path`, such as "train.epochs"; `options` for widgets that offer some.

    Nothing is drawn for what a link or a lesson hides.
    """
    if is_hidden(path):
        return
    choices = {} if options is None else {"options": list(options), "format_func": format_func}
    widget(label, help=help_text, **choices, **bound(path, config))


def bound(path: str, config: RunConfig) -> dict[str, Any]:
    """Widget arguments that show the set-up's value at `path` and write a new one back."""
    key = f"setup.{path}"
    value: Any = config
    for name in path.split("."):
        value = getattr(value, name)
    if st.session_state.get(key, object()) != value:
        st.session_state[key] = value
    return {"key": key, "on_change": _written, "args": (path, key)}


def _written(path: str, key: str) -> None:
    value, config = st.session_state[key], state.setup()
    *group, name = path.split(".")
    changed = config.model_dump()
    (changed[group[0]] if group else changed)[name] = value
    if name == "time_budget":  # one of the two ends a run: by the clock there may be as many epochs as fit in
        changed["train"]["epochs"] = MAX_EPOCHS if value else TrainConfig().epochs
    if name == "name":  # another data set has other sizes
        changed["data"] |= {"train_size": None, "test_size": None, "keep": ()}
    state.change_setup(RunConfig.model_validate(changed))
    run = state.current_run()
    if name == "learning_rate" and run and state.is_mine(run):
        run.set_learning_rate(value, state.owner())


def with_value(options: Iterable[Any], value: Any, *, first: Any = ...) -> list[Any]:
    """Give `options` in order, with a value from a link or a preset put in its place."""
    chosen = set(options) | ({value} if value is not None else set())
    return ([first] if first is not ... else []) + sorted(chosen)
