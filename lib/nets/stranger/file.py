"""Read an ONNX file as a plain list of steps: nothing in it is run, nothing outside it opened, and its size is bounded.

The package `onnx` reads the bytes; what is asked of a file here: one input, one output, weights inside it, and only
operators that ONNX itself defines.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

MAX_BYTES = 100_000_000
_MOST_NODES, _MOST_NUMBERS = 2_000, 30_000_000
_OFFICIAL = ("", "ai.onnx")
_FLOATS = {1, 10, 11}  # float, float16, double
_WHOLE = {2, 3, 5, 6, 7, 9}  # integers, and yes or no

Array = NDArray[Any]


class NotThisNet(ValueError):
    """A file that cannot be opened as a net: `code` says why, `values` where; the interface makes a sentence of it."""

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(f"{code}: {values}" if values else code)
        self.code, self.values = code, values


@dataclass(frozen=True)
class Node:
    """One operator: what it takes and gives by name, and its settings."""

    name: str
    kind: str
    takes: tuple[str, ...]
    gives: tuple[str, ...]
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Graph:
    """What stands in a file. `shape` is that of the input without the batch; 0 where a side is left open."""

    input: str
    shape: tuple[int, ...]
    output: str
    nodes: tuple[Node, ...]
    constants: dict[str, Array]


def onnx_is_here() -> bool:
    """Whether the package that reads such files is installed."""
    return find_spec("onnx") is not None


def read_graph(content: bytes) -> Graph:
    """Read the content of an ONNX file; NotThisNet if it is none, or one that asks for more than this."""
    if len(content) > MAX_BYTES:
        raise NotThisNet("too_large", most=MAX_BYTES // 1_000_000)
    if not onnx_is_here():
        raise NotThisNet("no_package")
    from google.protobuf.message import DecodeError
    from onnx import ModelProto

    model = ModelProto()
    try:
        model.ParseFromString(content)
    except (DecodeError, RecursionError):
        raise NotThisNet("not_onnx") from None
    graph = model.graph
    if not graph.node or not graph.output:
        raise NotThisNet("not_onnx")
    if len(graph.node) > _MOST_NODES or len(graph.initializer) > _MOST_NODES:
        raise NotThisNet("too_many", most=_MOST_NODES)
    if model.functions:
        raise NotThisNet("custom", node=_plain(model.functions[0].name), domain=_plain(model.functions[0].domain))
    weights = [(each.name, each) for each in graph.initializer]
    nodes = [_node(each, number) for number, each in enumerate(graph.node, 1)]
    weights += [(each.output[0], _of_constant(each)) for each in graph.node if each.op_type == "Constant"]
    if sum(prod(tensor.dims) for _, tensor in weights) > _MOST_NUMBERS:
        raise NotThisNet("too_large", most=MAX_BYTES // 1_000_000)
    constants = {name: _array(_plain(name), tensor) for name, tensor in weights}
    inputs = [each for each in graph.input if each.name not in constants]
    if len(inputs) != 1 or len(graph.output) != 1:
        raise NotThisNet("several", inputs=len(inputs), outputs=len(graph.output))
    sides = inputs[0].type.tensor_type.shape.dim
    shape = tuple(int(side.dim_value) for side in sides)[1:]
    kept = tuple(each for each in nodes if each.kind != "Constant")
    return Graph(inputs[0].name, shape, graph.output[0].name, kept, constants)


def _node(said: Any, number: int) -> Node:
    name = _plain(said.name) or f"{_plain(said.op_type)} {number}"
    if said.domain not in _OFFICIAL:
        raise NotThisNet("custom", node=name, domain=_plain(said.domain))
    settings = {each.name: _setting(each) for each in said.attribute if said.op_type != "Constant"}
    return Node(name, said.op_type, tuple(said.input), tuple(said.output), settings)


def _setting(said: Any) -> Any:
    """Numbers, lists of numbers, and text; what else a setting can be stays None and is refused where it is asked."""
    match said.type:
        case 1:
            return float(said.f)
        case 2:
            return int(said.i)
        case 3:
            return said.s.decode("utf-8", "replace")
        case 7:
            return [int(each) for each in said.ints]
    return None


def _of_constant(said: Any) -> Any:
    from onnx import helper

    for each in said.attribute:
        match each.name:
            case "value":
                return each.t
            case "value_float" | "value_floats":
                numbers = list(each.floats) or [each.f]
                return helper.make_tensor("", 1, [len(numbers)] if each.name[-1] == "s" else [], numbers)
            case "value_int" | "value_ints":
                counts = list(each.ints) or [each.i]
                return helper.make_tensor("", 7, [len(counts)] if each.name[-1] == "s" else [], counts)
    raise NotThisNet("weights", node=_plain(said.name or said.output[0]))


def _array(name: str, tensor: Any) -> Array:
    """A tensor's numbers, as float64 or int64; never from another file."""
    from onnx import numpy_helper

    if tensor.data_location == 1 or tensor.external_data:
        raise NotThisNet("outside", node=name)
    if tensor.data_type not in _FLOATS | _WHOLE or any(side < 0 for side in tensor.dims):
        raise NotThisNet("weights", node=name)
    try:
        found = numpy_helper.to_array(tensor)
    except (ValueError, TypeError):  # fewer numbers than its shape says, or more
        raise NotThisNet("weights", node=name) from None
    if tensor.data_type in _WHOLE:
        return found.astype(np.int64)
    if not np.isfinite(found).all():
        raise NotThisNet("no_number", node=name)
    return found.astype(np.float64)


def _plain(text: str) -> str:
    """A name out of a file, short and on one line."""
    return "".join(each if each.isprintable() else "?" for each in str(text)[:80])
