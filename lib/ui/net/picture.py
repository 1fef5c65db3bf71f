"""Where a view of Look inside gets its picture from, and where it draws."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st
from torch import nn

from lib.training import has_numbers
from lib.ui.net import inside
from lib.ui.words import say


@contextmanager
def chosen_picture(net: inside.Net, first: tuple[int, int] | None = None) -> Iterator[inside.Chosen | None]:
    """Let the person take a sample, draw or upload; what is written inside stands below that, or beside the canvas.

    None while there is no picture; then the sentence that says what to do is written. first: as in `choose_picture`
    """
    with st.container(horizontal=True, vertical_alignment="center", gap="medium", key="inside-controls"):
        source = inside.choose_source("sample")
        chosen = inside.choose_picture(source, net.dataset, first=first) if source == "sample" else None
    if source == "sample":
        yield chosen
        return
    with st.container(key="stack-inside"):
        own, main = st.columns([0.2, 0.8], gap="medium")
    with own:
        chosen = inside.choose_picture(source, net.dataset)
    with main:
        if chosen is None:
            st.info(say("net.draw_or_upload"), icon=":material/draw:")
        yield chosen


def can_be_asked(model: nn.Module, *, earlier: bool = False) -> bool:
    """True if all weights are numbers; else the sentence that says why there is nothing to see is written.

    earlier: there are moments of its past to go back to.
    """
    works = has_numbers(model)
    if not works:
        then = say("net.go_back_earlier") if earlier else say("net.train_again")
        st.warning(
            say("net.weights_net_no", then=then),
            icon=":material/error:",
        )
    return works


def is_learning(net: inside.Net) -> bool:
    """True while new weights keep coming."""
    return net.state == "running"


def refresh_seconds(net: inside.Net, every: float = 2.0) -> float | None:
    """How often a view looks at the newest weights; None for a net that has ended."""
    return every if is_learning(net) else None
