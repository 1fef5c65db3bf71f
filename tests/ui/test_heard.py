"""What a component's name brings is used only in the shape that the component's own script gives it."""

import base64
import math
import time
import tracemalloc
from io import BytesIO
from typing import Any

import numpy as np
import pytest
import streamlit
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from lib.pictures.load import UnsafeImage, load_drawing
from lib.ui.components import Index, Place, checked
from lib.ui.components.camera_check import Camera
from lib.ui.components.canvas import SIDE, _Sent
from lib.ui.components.class_balance import asked_to_keep
from lib.ui.components.confusion import Cell
from lib.ui.components.feature_maps import clicked
from lib.ui.components.filter_switches import Switch
from lib.ui.components.net_editor import ChosenPreset, Edit, NetAction, Plain
from lib.ui.components.preparation import left_out
from lib.ui.components.sample_grid import Turn
from lib.ui.components.sureness import stop_of
from lib.ui.components.time_machine import asked_for

SHAPES: list[Any] = [Index, Place, Cell, Switch, Turn, NetAction, _Sent, Camera]
READERS = {"off": left_out, "stop": stop_of, "at": asked_for, "selected": clicked, "keep": asked_to_keep}

keys = st.sampled_from(["place", "index", "layer", "truth", "answer", "page", "label", "type", "layers", "png", "edit"])
anything = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=50) | st.just(10**400) | st.binary(),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(keys | st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


def deep(levels: int) -> Any:
    value: Any = []
    for _ in range(levels):
        value = [value]
    return value


NASTY = [deep(5_000), [0] * 1_000_000, "x" * 5_000_000, {str(n): n for n in range(10_000)}, math.nan, -1, 2**70, True]


def fits(value: Any) -> None:
    """Every number in it is a bounded count, every text and list is short."""
    match value:
        case bool() | None:
            pass
        case int():
            assert 0 <= value <= 2**31
        case str():
            assert len(value) <= 1_000_000
        case list():
            assert len(value) <= 1_000
        case _:
            raise AssertionError(value)


@given(anything)
def test_nothing_of_another_shape_gets_through(said: Any) -> None:
    for shape in SHAPES:
        found = checked(said, shape)
        match found:
            case Edit(layers=layers):
                assert all(isinstance(layer, dict) for layer in layers)
            case Plain(type=kind) | ChosenPreset(type=kind):
                assert kind in ("undo", "redo", "mend", "preset")
            case Place() | Cell() | Switch() | Turn() | _Sent():
                for value in found.model_dump().values():
                    fits(value)
            case _:
                fits(found)


@given(anything | st.dictionaries(st.sampled_from(list(READERS)), anything))
def test_readers_give_their_own_shape_or_nothing(said: Any) -> None:
    with pytest.MonkeyPatch.context() as patch:
        for part, read in READERS.items():
            for state in (said, {part: said}):
                patch.setattr(streamlit, "session_state", {"key": state})
                found = read("key")
                values = found.values() if isinstance(found, dict) else [found]
                for value in values:
                    fits(value)


@pytest.mark.parametrize("number", range(len(NASTY)))
def test_what_is_deep_or_huge_costs_little(number: int) -> None:
    said = NASTY[number]
    began = time.process_time()
    for shape in SHAPES:
        assert checked(said, shape) in (None, Turn())  # all classes: what it says of nothing that it knows
    for name in ("place", "index", "layers", "png"):
        for shape in (Place, Cell, Switch, _Sent):
            assert checked({name: said}, shape) is None
    assert time.process_time() - began < 5.0


@pytest.mark.parametrize(
    ("said", "shape"),
    [
        ({"place": 3}, Place),
        ({"truth": 0, "answer": 9}, Cell),
        ({"index": 63}, Switch),
        ({"page": 2}, Turn),
        ({"label": None}, Turn),
        ({"type": "undo"}, NetAction),
        ({"type": "preset", "name": "small-cnn"}, NetAction),
        ({"type": "edit", "layers": [{"kind": "flatten"}]}, NetAction),
        ({"png": None, "strokes": 0}, _Sent),
        ("insecure", Camera),
    ],
)
def test_what_our_own_scripts_say_gets_through(said: Any, shape: Any) -> None:
    assert checked(said, shape) is not None


def png_of(image: Image.Image, **options: Any) -> str:
    buffer = BytesIO()
    image.save(buffer, options.pop("format", "PNG"), **options)
    return base64.b64encode(buffer.getvalue()).decode()


def test_a_drawing_is_read_as_it_was_drawn() -> None:
    noise = np.random.default_rng(0).integers(0, 256, (SIDE, SIDE), dtype=np.uint8)
    assert np.array_equal(np.asarray(load_drawing(png_of(Image.fromarray(noise)), SIDE)), noise)


def no_drawings() -> dict[str, str]:
    square = Image.new("L", (SIDE, SIDE), 255)
    whole = base64.b64decode(png_of(square))
    ihdr = whole[:16] + (SIDE).to_bytes(4, "big") * 2
    return {
        "huge": png_of(Image.new("1", (12_000, 12_000))),
        "larger": png_of(Image.new("L", (SIDE + 1, SIDE))),
        "a BMP": png_of(square, format="BMP"),
        "a JPEG": png_of(square, format="JPEG"),
        "cut off": base64.b64encode(whole[:60]).decode(),
        "only a head": base64.b64encode(ihdr).decode(),
        "empty": "",
        "no base64": "*" * 100,
        "not even letters": "ä" * 100,
        "long": "A" * 10_000_000,
    }


@pytest.mark.parametrize("name", list(no_drawings()))
def test_what_is_no_drawing_is_refused_and_costs_nothing(name: str) -> None:
    png = no_drawings()[name]
    tracemalloc.start()
    try:
        with pytest.raises(UnsafeImage):
            load_drawing(png, SIDE)
        assert tracemalloc.get_traced_memory()[1] < 3_000_000
    finally:
        tracemalloc.stop()
