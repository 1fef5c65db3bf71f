"""The copy of a net that Surgery operates on: which weights it began with, and what was done to it since."""

from typing import Any, NamedTuple

import streamlit as st
from torch import Tensor, nn

from lib.explain.surgery import Edit, convolutions, operate
from lib.models import build_model
from lib.ui.net import inside

_KEY = "surgery"


class Patient(NamedTuple):
    """A net before and after the operations."""

    step: int
    before: nn.Sequential
    after: nn.Sequential
    muted: dict[str, set[int]]  # layer -> filters
    edits: list[Edit]
    operations: list[dict[str, Any]]


def patient_of(net: inside.Net) -> Patient:
    """The copy under operation. It keeps the weights of the moment it was taken, also while the net learns on."""
    kept = st.session_state.get(_KEY)
    if kept is None or kept["net"] != net.id:
        step, model = net.model()
        weights: dict[str, Tensor] = model.state_dict()
        # Plain values only: instances of our own classes would go stale when the code is loaded anew.
        kept = st.session_state[_KEY] = {"net": net.id, "step": step, "weights": weights, "operations": []}
    operations = kept["operations"]
    data = net.dataset
    before = build_model(net.config.model, data.input_shape, len(data.classes))
    before.load_state_dict(kept["weights"])
    before.eval()
    muted: dict[str, set[int]] = {name: set() for name in convolutions(before)}
    for operation in operations:
        if "filter" in operation:
            muted[operation["layer"]] ^= {operation["filter"]}
    edits = [Edit(**operation["edit"]) for operation in operations if "edit" in operation]
    return Patient(kept["step"], before, operate(before, muted, edits), muted, edits, operations)


def forget() -> None:
    """Let the copy go; the next one is taken of the newest weights."""
    st.session_state.pop(_KEY, None)


def toggle(layer: str, index: int) -> None:
    """Mute a filter, or let it speak again."""
    _operations().append({"layer": layer, "filter": index})


def set_weight(parameter: str, index: tuple[int, ...], value: float) -> None:
    """Give one weight another value."""
    _operations().append({"edit": {"parameter": parameter, "index": index, "value": value}})


def undo() -> None:
    """Take the last operation back."""
    if _operations():
        _operations().pop()


def reset() -> None:
    """Take all of them back."""
    _operations().clear()


def _operations() -> list[dict[str, Any]]:
    operations: list[dict[str, Any]] = st.session_state[_KEY]["operations"]
    return operations
