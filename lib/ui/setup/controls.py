"""Widgets that show a value and write a new one back: each carries the value itself, and only a person changes it.

A browser may mount a widget late, after the page has run again, and then reports what the newest page gave it to start
with. So every widget here starts with the value that it is to show (Streamlit's session state alone would reach only
the first mount), and its key counts how often somebody else than the person at the widget chose: what a browser reports
of an earlier choice names a widget that is no more, and changes nothing.
"""

import secrets
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import streamlit as st

from lib.config import MAX_EPOCHS, RunConfig, TrainConfig
from lib.models import train_on
from lib.ui.setup import address, session
from lib.ui.setup.hiding import is_hidden
from lib.ui.setup.rate_moves import move_rate

_SHOWN = "shown"  # key -> how often somebody else chose, and what the widget shows
_SESSION = "shown-by"  # tells this session's widgets from those of one that a restart of the server ended
_SAME_PRESS = 1.0  # seconds after a press, or its answer, in which another one starts nothing more
_NOTHING: Mapping[str, Any] = MappingProxyType({})
_INDEXED = ("selectbox", "radio")
_SEVERAL = ("segmented_control", "pills", "multiselect")


def held(
    widget: Callable[..., Any],
    label: str,
    options: Iterable[Any] | None = None,
    *,
    key: str,
    first: Any = ...,
    on_change: Callable[..., None] | None = None,
    args: Sequence[Any] = (),
    **more: Any,
) -> Any:
    """Draw `widget` with what the session holds under `key`, and return it; `first` until somebody chose.

    st.session_state[key] is a plain entry: it outlives visits to other pages, and whoever sets it chooses for the
    widget. `on_change` is called once it holds the new value. options: for widgets that offer some; what the session
    holds and they no longer have gives way to `first`.
    """
    offered = None if options is None else list(options)
    if first is ...:
        first = offered[0] if offered and widget.__name__ in _INDEXED else None
    must = _must_choose(widget, offered, first, more.get("required", False))
    first = list(first) if isinstance(first, tuple) else first
    value = st.session_state[key] = _still_offered(st.session_state.get(key, first), offered, first)
    turn = _turn(key, value, _labels(offered, more.get("format_func", str)))
    name = f"{key}~{turn}"
    given = _draw(widget, label, offered, name, value, (key, name, turn, on_change, args, must), more)
    if given != value and not (must and given is None):
        # a browser brings the choices that it knows to a server that was started anew
        st.session_state[key] = given
        _note(key, given)
    return st.session_state[key]


def held_in_address(
    widget: Callable[..., Any],
    label: str,
    options: Iterable[Any] | None = None,
    *,
    key: str,
    first: Any,
    known_as: Mapping[str, Any] = _NOTHING,
    **more: Any,
) -> Any:
    """`held`, and kept in the address as `key` by the value's own name, which no language changes.

    `first` goes without saying. known_as: other words for values; older links have those that the person saw.
    """
    offered = None if options is None else list(options)
    show: Callable[[Any], str] = more.get("format_func", lambda value: str(value).lower())
    written = st.query_params.get(key)
    if address.asked(key, written) and (written is not None or address.is_back()):
        st.session_state[key] = first if written is None else _read(written, offered, first, show, known_as)
    value = held(widget, label, offered, key=key, first=first, **more)
    address.write({key: None if value == first else str(value).lower() if isinstance(value, bool) else str(value)})
    return value


def choose(
    widget: Callable[..., Any],
    label: str,
    options: Iterable[Any] | None,
    path: str,
    config: RunConfig,
    format_func: Callable[[Any], str] = str,
    help_text: str | None = None,
    **more: Any,
) -> None:
    """Draw `widget` for the set-up's value at `path`, such as "train.epochs"; `options` for widgets that offer some.

    Nothing is drawn for what a link or a lesson hides.
    """
    if is_hidden(path):
        return
    value: Any = config
    for part in path.split("."):
        value = getattr(value, part)
    key = f"setup.{path}"
    st.session_state[key] = value
    session = st.session_state.setdefault(_SESSION, secrets.token_hex(4))
    offered = None if options is None else list(options)
    turn = _turn(key, value, _labels(offered, format_func))
    name = f"{key}~{session}{turn}"
    formatted = {} if offered is None else {"format_func": format_func}
    _draw(
        widget,
        label,
        offered,
        name,
        value,
        (key, name, turn, _written, (path,), _must_choose(widget, offered, value)),
        {"help": help_text, **formatted, **more},
    )


def put(path: str, value: Any) -> None:
    """Choose the set-up's value at `path` elsewhere than at its widget."""
    st.session_state[f"setup.{path}"] = value
    _written(path)


def start_button(
    label: str,
    *,
    starts: str,
    key: str | None = None,
    on_click: Callable[..., None],
    args: Sequence[Any] = (),
    **more: Any,
) -> None:
    """Draw a button that starts something once: what is pressed before the page has answered is the same press.

    starts: what it starts; buttons of one name start one thing in several ways.
    """
    presses = int(st.session_state.get(f"starts.{starts}", 0))
    if st.session_state.pop(f"answering.{starts}", False):  # on a slow machine the answer comes long after the press
        st.session_state[f"started.{starts}"] = time.monotonic()
    st.button(
        label,
        key=f"{key or f'{starts}.{label}'}~{presses}",
        on_click=_pressed,
        args=(starts, presses, on_click, args),
        **more,
    )


def with_value(options: Iterable[Any], value: Any, *, first: Any = ...) -> list[Any]:
    """Give `options` in order, with a value from a link or a preset put in its place."""
    chosen = set(options) | ({value} if value is not None else set())
    return ([first] if first is not ... else []) + sorted(chosen)


def _draw(
    widget: Callable[..., Any],
    label: str,
    offered: list[Any] | None,
    name: str,
    value: Any,
    heard: tuple[Any, ...],
    more: dict[str, Any],
) -> Any:
    kind = widget.__name__
    if kind in _INDEXED:
        start = {"index": None if value is None or offered is None else offered.index(value)}
    elif kind in _SEVERAL:
        start = {"default": value}
    else:
        start = {"value": bool(value) if kind == "toggle" else value}
    choices = {} if offered is None else {"options": offered}
    return widget(label, key=name, on_change=_heard, args=heard, **choices, **start, **more)


def _must_choose(widget: Callable[..., Any], offered: list[Any] | None, first: Any, required: bool = False) -> bool:
    """True where something has to be chosen: a browser that reports nothing has said nothing."""
    return first is not None and None not in (offered or ()) and (required or widget.__name__ in _INDEXED)


def _still_offered(value: Any, offered: list[Any] | None, first: Any) -> Any:
    if offered is None or value is None:
        return value
    if isinstance(value, list | tuple):
        left = [each for each in value if each in offered]
        return left if left or not value else first
    return value if value in offered else first


def _read(
    written: str, offered: list[Any] | None, first: Any, show: Callable[[Any], str], known_as: Mapping[str, Any]
) -> Any:
    """A value by its own name, or by what people see of it; `first` for what makes no sense."""
    if offered is not None:
        return next((each for each in offered if written in (str(each), show(each))), known_as.get(written, first))
    if isinstance(first, bool):
        return {"true": True, "false": False}.get(written.lower(), first)
    return int(written) if len(written) < 10 and written.isdecimal() else first


def _turn(key: str, value: Any, labels: list[str] | None = None) -> int:
    """How often somebody else than the person at the widget chose its value, or named what it offers anew.

    A browser reports a choice by its label: one that the widget no longer has would count as the first option.
    """
    turns, shown, said = st.session_state.setdefault(_SHOWN, {}).get(key, (0, value, labels))
    labels = said if labels is None else labels
    turns += shown != value or said != labels
    st.session_state[_SHOWN][key] = (turns, value, labels)
    return int(turns)


def _labels(offered: list[Any] | None, show: Callable[[Any], str]) -> list[str] | None:
    return None if offered is None else [show(each) for each in offered]


def _note(key: str, value: Any) -> None:
    """The widget shows this because the person at it chose it."""
    turns, _, labels = st.session_state[_SHOWN][key]
    st.session_state[_SHOWN][key] = (turns, value, labels)


def _heard(
    key: str, name: str, turn: int, on_change: Callable[..., None] | None, args: Sequence[Any], must: bool = False
) -> None:
    """Take over what the person chose, unless somebody has chosen otherwise since the widget was drawn."""
    if _turn(key, st.session_state[key]) != turn or (must and st.session_state[name] is None):
        return
    st.session_state[key] = st.session_state[name]
    _note(key, st.session_state[name])
    if on_change is not None:
        on_change(*args)


def _pressed(starts: str, presses: int, on_click: Callable[..., None], args: Sequence[Any]) -> None:
    count, last = f"starts.{starts}", f"started.{starts}"
    now = time.monotonic()
    same = presses != st.session_state.get(count, 0) or now < st.session_state.get(last, -_SAME_PRESS) + _SAME_PRESS
    st.session_state[last], st.session_state[f"answering.{starts}"] = now, True
    if not same:
        st.session_state[count] = presses + 1
        on_click(*args)


def _written(path: str) -> None:
    value, config = st.session_state[f"setup.{path}"], session.setup()
    *group, name = path.split(".")
    changed = config.model_dump()
    (changed[group[0]] if group else changed)[name] = value
    if name == "time_budget":  # one of the two ends a run: by the clock there may be as many epochs as fit in
        changed["train"]["epochs"] = MAX_EPOCHS if value else TrainConfig().epochs
    if name == "name":  # another data set has other sizes
        changed["data"] |= {"train_size": None, "test_size": None, "keep": ()}
        changed["train"] = train_on(config, value).model_dump()
    session.change_setup(RunConfig.model_validate(changed))
    run = session.current_run()
    if name == "learning_rate" and run and session.is_mine(run):
        move_rate(run, value)
