"""What widgets and components say: each in its own way, or it has said nothing.

Whoever opens a page can send anything in the name of anything on it. Streamlit takes what comes for what a widget of
that kind sends, and where it is something else it fails: while it still gets the page ready, in words of its own, and
again with every later run of that page. So every value goes through this one door as soon as its widget is known; what
no browser of ours can have sent is left out, and the widget shows what it showed.
"""

import json
import logging
from dataclasses import replace
from typing import Any

from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from streamlit.runtime.state.common import WidgetMetadata
from streamlit.runtime.state.session_state import Serialized, SessionState

_DEEPEST = 30  # levels of what a component says
_JSON = {"json_value": dict, "json_trigger_value": list}  # what components send: what they hold, what was pressed
_ALSO = {"double_value": "int_value"}  # how a number that is whole is sent, of a widget that is registered for any
_OPTIONS = {"string_value", "string_array_value"}  # how the widgets send what was chosen that offer something

logger = logging.getLogger(__name__)


def keep_to_kinds() -> None:
    """Put the door in. Called once, before the server takes requests."""
    state: Any = SessionState
    take_in, come_to_know = state.set_widgets_from_proto, state._set_widget_metadata

    def take_in_what_is_sound(self: SessionState, said: WidgetStates) -> None:
        take_in(self, said)
        for each in said.widgets:
            _look_through(self, each.id)

    def come_to_know_and_look(self: SessionState, widget: WidgetMetadata[Any]) -> None:
        come_to_know(self, widget)
        _look_through(self, widget.id)  # it may have been said before the page was drawn, as after a restart

    state.set_widgets_from_proto, state._set_widget_metadata = take_in_what_is_sound, come_to_know_and_look


def _look_through(state: SessionState, name: str) -> None:
    """Leave out what was said in the name of a widget, if that widget cannot have said it."""
    new = state._new_widget_state
    said, widget = new.states.get(name), new.widget_metadata.get(name)
    if not isinstance(said, Serialized) or widget is None:
        return
    try:
        is_sound = _can_say(widget, said.value)
        if is_sound:
            new[name]  # Streamlit reads it now
    except Exception as problem:  # whatever its readers make of values that they do not expect
        logger.debug("%s was left out: %s", name, problem)
        is_sound = False
    if not is_sound:
        new.states.pop(name, None)
    if (known := new.widget_metadata[name]).value_type != widget.value_type:  # it was emptied, and stays of its kind
        new.widget_metadata[name] = replace(known, value_type=widget.value_type)


def _can_say(widget: WidgetMetadata[Any], said: WidgetState) -> bool:
    kind = said.WhichOneof("value")
    if kind is None:  # emptied
        return True
    if kind not in (widget.value_type, _ALSO.get(widget.value_type)):
        return False
    if kind in _JSON:
        return isinstance(plain(getattr(said, kind)), _JSON[kind])
    if kind in _OPTIONS and widget.formatted_options is not None:
        chosen = [said.string_value] if kind == "string_value" else said.string_array_value.data
        return set(chosen) <= set(widget.formatted_options)
    return True


def plain(text: str) -> Any:
    """What a JSON text says; None if it is none, says a number that is none, or goes too deep."""
    try:
        said = json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return None
    return said if _is_shallow(said, _DEEPEST) else None


def _refuse(name: str) -> None:
    raise ValueError(f"{name} is no number")


def _is_shallow(said: Any, levels: int) -> bool:
    if not isinstance(said, list | dict):
        return True
    inner = said.values() if isinstance(said, dict) else said
    return levels > 0 and all(_is_shallow(each, levels - 1) for each in inner)
