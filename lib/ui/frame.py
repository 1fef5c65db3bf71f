"""What every page has in common: one sentence on top, the run in view, the set-up in the address."""

from pathlib import Path

import streamlit as st

from lib.ui import state
from lib.ui.components.run_pill import run_pill
from lib.ui.text import percent

_STYLE = Path(__file__).with_name("frame.css")
_WORDMARK = Path(__file__).parent / "assets" / "wordmark.svg"
PAGES = Path(__file__).parents[2] / "pages"


def open_page(title: str, *, edits_setup: bool = False) -> None:
    """Settle what a page shows: the run and the set-up of its address. First call of every page, so it stands alone."""
    st.set_page_config(page_title=f"{title} · Glasshouse", layout="wide")
    st.html(f"<style>{_STYLE.read_text(encoding='utf-8')}</style>")
    st.logo(_WORDMARK, size="medium", link=None)
    notices = state.read_address()
    state.write_address(with_setup=edits_setup)
    run = state.current_run()
    shown = {"id": run.id, "name": run.name, "state": run.state} if run else None
    run_pill(run=shown, href=f"/train?run={run.id}" if run else "/train")
    for notice in notices:
        st.warning(notice, icon=":material/link_off:")


def head(title: str, sentence: str) -> None:
    """Write the page's name, and the one sentence that says what to do here."""
    with st.container(key="page-head", gap=None):
        st.title(title, anchor=False)
        st.markdown(sentence)


def empty_state(sentence: str) -> None:
    """Say what a page needs, and offer the way there."""
    with st.container(border=True, key="empty-state"):
        st.markdown(sentence)
        st.page_link(PAGES / "train.py", label="Go to Train", icon=":material/arrow_forward:")


def run_line(name: str, accuracy: float | None) -> str:
    """A run in one line of a list."""
    return name if accuracy is None else f"{name} · {percent(accuracy)}"
