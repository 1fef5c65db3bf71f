"""Where to go from Start: four steps one after the other, the next one marked, and what else there is."""

import json

import streamlit as st

from lib.ui.frame.page import link_to, was_seen
from lib.ui.setup import session
from lib.ui.words import say

# Page -> its icon; what happens there is said beside it.
_STEPS = {
    "train": ":material/play_arrow:",
    "look_inside": ":material/search:",
    "classify": ":material/draw:",
    "learn": ":material/school:",
}
_ELSE = {
    "data": ":material/photo_library:",
    "diagnose": ":material/troubleshoot:",
    "compare": ":material/compare_arrows:",
}


def show() -> None:
    """Draw the path."""
    following = _next_step()
    st.html(f"<style>.st-key-path {{ --gh-next: {json.dumps(say('start.next'), ensure_ascii=False)}; }}</style>")
    with st.container(key="path", gap=None):
        for column, (page, icon) in zip(st.columns(4, gap="medium"), _STEPS.items(), strict=True):
            key = f"path-next-{page}" if page == following else f"path-{page}"
            with column, st.container(border=True, gap=None, height="stretch", key=key):
                link_to(page, f"**{say(f'pages.{page}')}**", icon)
                st.caption(say(f"start.path_{page}"))
    with st.container(key="path-else", horizontal=True, gap="medium"):
        for page, icon in _ELSE.items():
            link_to(page, say(f"start.path_{page}"), icon)


def _next_step() -> str | None:
    """The first step that was not taken yet: a run trained, a page seen; None when all were."""
    trained = any(session.is_mine(run) for run in session.newest_runs(1))
    taken = {page for page in _STEPS if (trained if page == "train" else was_seen(page))}
    return next((page for page in _STEPS if page not in taken), None)
