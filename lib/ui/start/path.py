"""Where to go from Start: four steps one after the other, the next one marked, and what else there is."""

import streamlit as st

from lib.ui.frame.page import link_to, was_seen
from lib.ui.setup import session

# Page -> its link, its icon, what happens there.
_STEPS = {
    "train": ("**Train**", ":material/play_arrow:", "Choose pictures, layers and a learning rate, and watch loss and "
              "accuracy move."),
    "look_inside": ("**Look inside**", ":material/search:", "Follow one picture through every filter and feature map, "
                    "number by number."),
    "classify": ("**Classify**", ":material/draw:", "Draw, photograph or upload, and see each step to the answer."),
    "learn": ("**Learn**", ":material/school:", "Five lessons, and every idea of a neural network with numbers to "
              "drag."),
}  # fmt: skip
_ELSE = {
    "data": ("Data: every picture as numbers, and your own classes", ":material/photo_library:"),
    "diagnose": ("Diagnose: what a net confuses", ":material/troubleshoot:"),
    "compare": ("Compare: which net is better, with its numbers", ":material/compare_arrows:"),
}


def show() -> None:
    """Draw the path."""
    following = _next_step()
    with st.container(key="path", gap=None):
        for column, (page, (label, icon, sentence)) in zip(st.columns(4, gap="medium"), _STEPS.items(), strict=True):
            key = f"path-next-{page}" if page == following else f"path-{page}"
            with column, st.container(border=True, gap=None, height="stretch", key=key):
                link_to(page, label, icon)
                st.caption(sentence)
    with st.container(key="path-else", horizontal=True, gap="medium"):
        for page, (label, icon) in _ELSE.items():
            link_to(page, label, icon)


def _next_step() -> str | None:
    """The first step that was not taken yet: a run trained, a page seen; None when all were."""
    trained = any(session.is_mine(run) for run in session.newest_runs(1))
    taken = {page for page in _STEPS if (trained if page == "train" else was_seen(page))}
    return next((page for page in _STEPS if page not in taken), None)
