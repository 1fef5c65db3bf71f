"""Choose one weight of a layer: by filter, channel, row and column, or by unit and input."""

import streamlit as st
from torch import nn

from lib.ui.setup.controls import held
from lib.ui.words import say

_NAMES = {4: ("filter", "channel", "row", "column"), 2: ("unit", "input"), 1: ("number",)}
_KINDS = ("weight", "bias")


def choose_weight(
    model: nn.Module, layer: str, where: str, first: tuple[str, tuple[int, ...]] | None = None
) -> tuple[str, tuple[int, ...]]:
    """Let the person choose; returns the tensor's name ("conv1.weight") and the index, from 0.

    `where` keeps several such choices apart; `first` is the one that is shown at the beginning.
    """
    kinds = [kind for kind in _KINDS if hasattr(model.get_submodule(layer), kind)]
    first_name, first_index = first or ("", ())
    kind = held(
        st.segmented_control,
        say("net.kind"),
        kinds,
        first=first_name.split(".")[-1] if first_name else kinds[0],
        format_func=lambda kind: say(f"net.weight_{kind}"),
        key=f"{where}-kind-{layer}-{first_name}",
        required=True,
        label_visibility="collapsed",
    )
    name = f"{layer}.{kind or kinds[0]}"
    shape = tuple(model.get_parameter(name).shape)
    begin = first_index if name == first_name else (0,) * len(shape)
    index = tuple(
        int(
            held(
                st.number_input,
                say(f"net.weight_{part}"),
                min_value=1,
                max_value=size,
                first=at + 1,
                key=f"{where}-{name}-{part}-{begin}-{size}",
                help=say("net.to", size=size),
                width=84,
            )
        )
        - 1
        for part, size, at in zip(_NAMES[len(shape)], shape, begin, strict=True)
        if size > 1 or len(shape) < 4
    )
    # A picture of one colour, a filter of one pixel: nothing to choose there.
    chosen = iter(index)
    return name, tuple(next(chosen) if size > 1 or len(shape) < 4 else 0 for size in shape)
