"""Which activation an operator is, or a formula written out in several: the latter is known by its values."""

from collections.abc import Mapping

import numpy as np

from lib.activations import ACTIVATIONS
from lib.nets.stranger.constants import formula
from lib.nets.stranger.file import Array, Graph, Node, NotThisNet

_KINDS = {"Relu": "relu", "Sigmoid": "sigmoid", "Tanh": "tanh", "LeakyRelu": "leaky_relu", "Gelu": "gelu"}
_POINTS = np.linspace(-4.0, 4.0, 33)
_MOST = 12  # operators in one formula
_LEAK = 0.01


def bend_of(node: Node) -> str | None:
    """The name of our activation; None if it is none. NotThisNet for one with another slope or another formula."""
    if node.kind not in _KINDS:
        return None
    slope = node.settings.get("alpha", _LEAK)
    if (node.kind == "LeakyRelu" and abs(slope - _LEAK) > 1e-6) or node.settings.get("approximate", "none") != "none":
        raise NotThisNet("setting", node=node.name, what=f"{node.kind} {slope:g}" if node.kind[0] == "L" else "tanh")
    return _KINDS[node.kind]


def formula_from(
    value: str, graph: Graph, readers: Mapping[str, list[Node]], constants: Mapping[str, Array]
) -> tuple[str, str]:
    """`(activation, the value that it gives)` where several operators read `value`. NotThisNet if they are none."""
    numbers: dict[str, Array] = {value: _POINTS}
    used: list[Node] = []
    for node in graph.nodes:
        if not any(name in numbers for name in node.takes) or node.kind == "Shape":
            continue
        told = [numbers.get(name, constants.get(name)) for name in node.takes]
        single = [each for each in told if each is not None and (each.size == 1 or each.shape == _POINTS.shape)]
        found = formula(node, single) if len(single) == len(node.takes) and len(used) < _MOST else None
        if found is None:
            raise NotThisNet("branches", node=node.name)
        used.append(node)
        made = node.gives[0]
        numbers[made] = found.reshape(-1)
        open_still = {name for name in numbers if any(each not in used for each in readers.get(name, []))}
        if open_still - {made} - _shapes_only(open_still, readers, used):
            continue
        for name, kind in ACTIVATIONS.items():
            if kind.bends and np.allclose(numbers[made], kind.value(_POINTS), atol=1e-5):
                return name, made
    raise NotThisNet("branches", node=readers[value][0].name)


def _shapes_only(names: set[str], readers: Mapping[str, list[Node]], used: list[Node]) -> set[str]:
    """Those that nothing but Shape still reads."""
    return {name for name in names if all(each.kind == "Shape" or each in used for each in readers.get(name, []))}
