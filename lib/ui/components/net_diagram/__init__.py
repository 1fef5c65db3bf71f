"""A net as columns of neurons and maps, lit by one picture; see `net_diagram`."""

from collections.abc import Mapping, Sequence
from typing import Any

from lib.ui.components import register


def net_diagram(
    *, key: str, words: Mapping[str, Any], picture: Mapping[str, str], columns: Sequence[Mapping[str, Any]]
) -> None:
    """Draw a net from input to output with the values that a picture gives it.

    words: of the part "neurons"
    picture: {"png": base64, "caption"}
    columns: each {"name", "kind": "maps", "units" or "row", "caption", "total": how many there are, "nodes"}; a node is
        {"index", "value", "said": how its number is made}, of maps also {"png"}; "edges" are weights
        `[node][node of the column before]` where the two are connected one by one, or None
    """
    data = {**words, "picture": dict(picture), "columns": [dict(column) for column in columns]}
    register("net_diagram")(key=key, data=data)
