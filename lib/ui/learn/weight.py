"""Choose one weight of a net, counted from 0 as PyTorch does: dense3.weight [3, 17]."""

from collections.abc import Sequence

import streamlit as st
from torch import nn

from lib.ui.setup.controls import held
from lib.ui.words import say


def choose_weight(
    model: nn.Sequential, where: str, first: tuple[str, tuple[int, ...]], layers: Sequence[str] | None = None
) -> tuple[str, tuple[int, ...]]:
    """Let the person choose a layer and a place in its weights; returns the tensor's name and the index.

    `where` keeps several such choices apart; `first` is shown at the beginning; `layers` are those that are offered,
    all with weights if None.
    """
    offered = list(layers or [name for name, module in model.named_children() if hasattr(module, "weight")])
    first_name, first_index = first
    layer = held(
        st.selectbox,
        say("descent.layer"),
        offered,
        first=first_name.split(".")[0],
        key=f"{where}-layer-{'-'.join(offered)}",
        width=120,
    )
    name = f"{layer}.weight"
    shape = model.get_parameter(name).shape
    begin = first_index if name == first_name else (0,) * len(shape)
    index = tuple(
        int(
            held(
                st.number_input,
                say(f"weight.axis_{axis}_of_{len(shape)}"),
                min_value=0,
                max_value=size - 1,
                first=min(begin[axis], size - 1),
                key=f"{where}-{name}-{axis}-{size}-{begin[axis]}",
                width=92,
            )
        )
        for axis, size in enumerate(shape)
    )
    return name, index
