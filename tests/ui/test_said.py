"""What is said in the name of a widget: it is of the widget's own kind, or it was not said."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as some
from streamlit.components.v2.bidi_component.serialization import BidiComponentSerde, deserialize_trigger_list
from streamlit.elements.widgets.button import ButtonSerde
from streamlit.elements.widgets.checkbox import CheckboxSerde
from streamlit.elements.widgets.multiselect import MultiSelectSerde
from streamlit.elements.widgets.number_input import NumberInputSerde
from streamlit.elements.widgets.selectbox import SelectboxSerde
from streamlit.elements.widgets.slider import SliderSerde
from streamlit.elements.widgets.text_widgets import TextInputSerde
from streamlit.proto.NumberInput_pb2 import NumberInput
from streamlit.proto.Slider_pb2 import Slider
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from streamlit.runtime.state.common import WidgetMetadata
from streamlit.runtime.state.session_state import SessionState

from lib.ui.serve.said import keep_to_kinds, plain

OPTIONS = ["adam", "sgd"]
_PLACES = {"formatted_options": OPTIONS, "formatted_option_to_option_index": {"adam": 0, "sgd": 1}}
WIDGETS = {
    "slider": (SliderSerde([3.0], Slider.INT, True, None, 1, 9), "double_array_value", set(range(1, 10))),
    "selectbox": (SelectboxSerde(OPTIONS, default_option_index=0, **_PLACES), "string_value", set(OPTIONS)),
    "multiselect": (MultiSelectSerde(OPTIONS, default_options_indices=[0], **_PLACES), "string_array_value", None),
    "number": (NumberInputSerde(3, NumberInput.INT, 1, 9), "double_value", set(range(1, 10))),
    "toggle": (CheckboxSerde(value=False), "bool_value", {True, False}),
    "button": (ButtonSerde(), "trigger_value", {True, False}),
    "text": (TextInputSerde("a"), "string_value", None),
    "component": (BidiComponentSerde(), "json_value", None),
}
_TEXTS = some.one_of(
    some.text('aé[{"\x00🙂', max_size=9), some.sampled_from([*OPTIONS, "[[[", "{}", '{"a": 1}', "[" * 40 + "]" * 40])
)
_WHOLE = some.integers(-(2**63), 2**63 - 1)
SAYINGS = {
    "trigger_value": some.booleans(),
    "bool_value": some.booleans(),
    "double_value": some.floats(),
    "int_value": _WHOLE,
    "string_value": _TEXTS,
    "double_array_value": some.lists(some.floats(), max_size=3),
    "int_array_value": some.lists(_WHOLE, max_size=3),
    "string_array_value": some.lists(_TEXTS, max_size=3),
    "json_value": _TEXTS,
    "json_trigger_value": _TEXTS,
    "bytes_value": some.binary(max_size=9),
}


@pytest.fixture(scope="module", autouse=True)
def _with_the_door():
    with pytest.MonkeyPatch.context() as patch:
        for name in ("set_widgets_from_proto", "_set_widget_metadata"):
            patch.setattr(SessionState, name, getattr(SessionState, name))  # put back at the end
        keep_to_kinds()
        yield


def metadata(name):
    serde, kind, _ = WIDGETS[name]
    offered = OPTIONS if "select" in name else None
    serialize = getattr(serde, "serialize", str)
    return WidgetMetadata(name, serde.deserialize, serialize, kind, formatted_options=offered)


def said(name, kind, value):
    state = WidgetState(id=name)
    if isinstance(value, list):
        getattr(state, kind).data.extend(value)
    elif kind is not None:
        setattr(state, kind, value)
    return WidgetStates(widgets=[state])


@pytest.mark.parametrize("name", WIDGETS)
@given(data=some.data(), known=some.booleans())
def test_a_widget_holds_what_its_kind_can_say_whoever_sends_what(name, data, known):
    kind = data.draw(some.sampled_from(sorted(SAYINGS)))
    value = data.draw(SAYINGS[kind])
    state = SessionState()
    if known:
        state.register_widget(metadata(name), None)
    state.set_widgets_from_proto(said(name, kind, value))
    state.register_widget(metadata(name), None)
    _, own, possible = WIDGETS[name]
    held = state[name]
    if kind != own and (name, kind) != ("number", "int_value"):
        assert held == WIDGETS[name][0].deserialize(None)
    if possible is not None:
        assert held in possible
    if name == "multiselect":
        assert set(held) <= set(OPTIONS)
    if name == "component":
        assert isinstance(held, dict)
    state._compact_state()  # so that the next run begins
    assert state.get_widget_states() == []


def test_what_was_chosen_before_stays_where_nonsense_comes_and_what_is_sound_is_taken():
    state = SessionState()
    state.register_widget(metadata("selectbox"), None)
    for kind, value, held in [
        ("string_value", "sgd", "sgd"),
        ("string_value", "none of them", "sgd"),
        ("int_value", 99, "sgd"),
        (None, None, "adam"),  # emptied: back to the first
        ("int_value", 1, "adam"),
        ("string_value", "sgd", "sgd"),
    ]:
        state._compact_state()
        state.set_widgets_from_proto(said("selectbox", kind, value))
        assert state["selectbox"] == held, (kind, value)


def test_a_number_that_is_none_moves_no_slider():
    for number in (math.nan, math.inf, -1.0, 1e308):
        state = SessionState()
        state.register_widget(metadata("slider"), None)
        state.set_widgets_from_proto(said("slider", "double_array_value", [number]))
        state.register_widget(metadata("slider"), None)
        assert state["slider"] == 3


@pytest.mark.parametrize("kind", ["int_value", "double_value"])
def test_a_whole_number_is_taken_as_browsers_send_it(kind):
    """Streamlit registers every number as `double_value`, and its page sends one that is whole as `int_value`."""
    state = SessionState()
    state.register_widget(metadata("number"), None)
    state.set_widgets_from_proto(said("number", kind, 7))
    assert state["number"] == 7


def test_presses_are_a_list():
    for text, heard in [('[{"event": "go"}]', [{"event": "go"}]), ("{}", None), ("{", None), ('["' + "x" * 9, None)]:
        state, presses = SessionState(), WidgetMetadata("x", deserialize_trigger_list, json.dumps, "json_trigger_value")
        state.register_widget(presses, None)
        state.set_widgets_from_proto(said("x", "json_trigger_value", text))
        state.register_widget(presses, None)
        assert state["x"] == heard


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{}", {}),
        ('{"a": [1, 2.5, null, "x"]}', {"a": [1, 2.5, None, "x"]}),
        ("", None),
        ("no JSON", None),
        ('{"a": NaN}', None),
        ('{"a": -Infinity}', None),
        ("9" * 5_000, None),
        ("[" * 100_000, None),
        ("[" * 31 + "]" * 31, None),
        ("[" * 30 + "]" * 30, "deep"),
    ],
)
def test_json_is_read_or_nothing(text, said):
    assert plain(text) == said or (said == "deep" and plain(text) is not None)
