"""Arrays on their way to a component: what goes in here comes out there, byte by byte."""

import numpy as np
import pytest

from lib.ui.components.packing import KINDS, packed
from tests.ui.test_page_net import in_node

UNPACK = """const { unpacked } = await import("/base/packing.js");
  const all = new Uint8Array(read("sent"));
  const shifted = new Uint8Array(all.length + 3);
  shifted.set(all, 3); // as a part of a longer message, at an odd place
  const said = (value) => ArrayBuffer.isView(value) ? [value.constructor.name, ...value]
    : Array.isArray(value) ? value.map(said)
    : value && typeof value === "object" ? Object.fromEntries(Object.entries(value).map(([k, v]) => [k, said(v)]))
    : value;
  return said(unpacked(shifted.subarray(3)));"""


@pytest.mark.node
def test_what_is_packed_here_is_unpacked_there(tmp_path):
    data = {
        "words": "größer “quoted”",
        "nothing": None,
        "list": [{"bytes": np.array([0, 255, 7], np.uint8)}, (1, 2.5)],
        "places": np.array([[1, 65_535]], np.uint16),
        "large": np.array([2**32 - 1], np.uint32),
        "floats": np.array([0.1, -3e38, 0], np.float32),
        "empty": np.array([], np.uint8),
    }
    found = in_node(UNPACK, tmp_path, sent=packed(data))
    assert found == {
        "words": "größer “quoted”",
        "nothing": None,
        "list": [{"bytes": ["Uint8Array", 0, 255, 7]}, [1, 2.5]],
        "places": ["Uint16Array", 1, 65_535],
        "large": ["Uint32Array", 2**32 - 1],
        "floats": ["Float32Array", *data["floats"].tolist()],
        "empty": ["Uint8Array"],
    }


def test_what_has_no_arrays_stays_what_it_is():
    data = {"a": [1, {"b": "c"}]}
    assert packed(data) is data


@pytest.mark.parametrize("kind", [np.float64, np.int64, np.bool_])
def test_another_kind_is_refused_and_named(kind):
    assert np.dtype(kind).str not in KINDS
    with pytest.raises(TypeError, match="the browser is sent no"):
        packed({"a": np.zeros(3, kind)})
