"""What a file computes from its weights and shapes alone, before any picture comes: worked out once, in numpy."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from lib.nets.stranger.file import Array, Node, NotThisNet

_MOST = 30_000_000  # numbers in one result
_MOST_ZEROS = 16
_FOR_FORMULAS: dict[str, Callable[..., Array]] = {
    "Add": np.add,
    "Sub": np.subtract,
    "Mul": np.multiply,
    "Div": np.divide,
    "Neg": np.negative,
    "Sqrt": np.sqrt,
    "Reciprocal": np.reciprocal,
    "Exp": np.exp,
    "Identity": np.asarray,
}


def work_out(node: Node, values: Sequence[Array]) -> Array | None:
    """What `node` makes of `values`; None for operators that are not about shapes and weights."""
    try:
        with np.errstate(all="ignore"):
            found = _work_out(node.kind, node.settings, values)
    except (ValueError, IndexError, TypeError, KeyError):
        raise NotThisNet("weights", node=node.name) from None
    if found is not None and found.dtype.kind == "f" and not np.isfinite(found).all():
        raise NotThisNet("no_number", node=node.name)
    return found


def formula(node: Node, values: Sequence[Array]) -> Array | None:
    """The same for operators that treat each number by itself; also Erf, of which one activation is made."""
    if node.kind == "Erf":
        from scipy.special import erf  # type: ignore[import-untyped]  # a while to import

        return np.asarray(erf(values[0]))
    if node.kind not in _FOR_FORMULAS or sum(each.size for each in values) > 10_000:
        return None
    return np.asarray(_FOR_FORMULAS[node.kind](*values))


def _work_out(kind: str, settings: Mapping[str, Any], values: Sequence[Array]) -> Array | None:
    first = values[0]
    if kind in _FOR_FORMULAS:
        if np.broadcast_shapes(*(each.shape for each in values)) not in {each.shape for each in values}:
            raise ValueError
        return np.asarray(_FOR_FORMULAS[kind](*values))
    axes = settings.get("axes", values[1].tolist() if len(values) > 1 else None)
    match kind:
        case "Transpose":
            return first.transpose(settings.get("perm"))
        case "Reshape":
            target = [first.shape[i] if side == 0 else int(side) for i, side in enumerate(values[1].tolist())]
            return first.reshape(target)
        case "Cast":
            return first.astype(np.int64 if settings["to"] in (2, 3, 5, 6, 7, 9) else np.float64)
        case "Concat":
            if sum(each.size for each in values) > _MOST:
                raise ValueError
            return np.concatenate(values, axis=settings["axis"])
        case "Gather":
            if first.ndim != 1 or values[1].size > first.size:
                raise ValueError
            return np.asarray(first[values[1]])
        case "Unsqueeze":
            return np.expand_dims(first, tuple(axes))
        case "Squeeze":
            return np.squeeze(first, None if axes is None else tuple(axes))
        case "Slice":
            return _sliced(first, [each.reshape(-1).tolist() for each in values[1:]])
        case "ConstantOfShape":
            if first.size != 1 or not 0 <= int(first[0]) <= _MOST_ZEROS or settings.get("value") is not None:
                raise ValueError
            return np.zeros(int(first[0]), dtype=np.int64)  # of Pad's numbers: all that exporters make so
        case "ReduceProd":
            return np.asarray(first.prod()).reshape(1 if settings.get("keepdims", 1) else ())
    return None


def _sliced(values: Array, told: list[list[int]]) -> Array:
    """What the operator Slice takes: starts, ends, axes and steps."""
    starts, ends, *more = told
    axes = more[0] if more else list(range(len(starts)))
    steps = more[1] if len(more) > 1 else [1] * len(starts)
    place = [slice(None)] * values.ndim
    for start, end, axis, step in zip(starts, ends, axes, steps, strict=True):
        whole = step < 0 and end < -values.shape[axis]  # to the very first
        place[axis] = slice(start, None if whole else end, step)
    return np.asarray(values[tuple(place)])
