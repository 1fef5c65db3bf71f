"""What a component is handed, with its arrays as the bytes that they are: as text they would take a third more."""

import json
from collections.abc import Mapping
from typing import Any

import numpy as np

KINDS = {"|u1": "u1", "<u2": "u2", "<u4": "u4", "<f4": "f4"}  # numpy's name -> the one that `base/packing.js` knows


def packed(data: Mapping[str, Any]) -> Mapping[str, Any] | bytes:
    """Return `data` as it is; if there are arrays in it, as bytes: the head's length, the head, all arrays.

    The head is JSON with {"$array": [kind, first byte, numbers]} in the place of each array. TypeError for an array of
    another kind than those of `KINDS`; ValueError for a number that JSON does not have.
    """
    parts: list[bytes] = []
    size = 0

    def place(value: Any) -> Any:
        nonlocal size
        if isinstance(value, Mapping):
            return {name: place(each) for name, each in value.items()}
        if isinstance(value, list | tuple):
            return [place(each) for each in value]
        if not isinstance(value, np.ndarray):
            return value
        if value.dtype.str not in KINDS:
            raise TypeError(f"the browser is sent no {value.dtype}")
        parts.append(value.tobytes())
        first, size = size, size + len(parts[-1])
        return {"$array": [KINDS[value.dtype.str], first, value.size]}

    head = place(data)
    if not parts:
        return data
    text = json.dumps(head, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()
    return b"".join([len(text).to_bytes(4, "little"), text, *parts])
