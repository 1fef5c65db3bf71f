"""The picture of a lab: the drawing first, and until there is one a test picture."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from lib.ui.net import inside
from lib.ui.net.inside import Chosen, Net


@contextmanager
def any_picture(net: Net) -> Iterator[Chosen | None]:
    """Let the person draw, take a sample or upload; what is written inside stands beside that."""
    with st.container(key="stack-lab"):
        own, main = st.columns([0.22, 0.78], gap="medium")
    with own:
        source = inside.choose_source("draw")
        chosen = (
            inside.choose_picture(source, net.dataset) if source != "draw" else inside.drawing_or_sample(net.dataset)
        )
    with main:
        yield chosen
