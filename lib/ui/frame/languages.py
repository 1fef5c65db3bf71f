"""Which language a page is in, and the others, at its end: each by its own name."""

import streamlit as st

from lib.ui.setup import spoken
from lib.ui.words import LANGUAGES, language


def offer() -> None:
    """Draw a button for each language; that of the page is the one that cannot be pressed."""
    with st.container(key="languages", horizontal=True, gap="small"):
        for code, name in LANGUAGES.items():
            st.button(
                name,
                key=f"language-{code}",
                type="tertiary",
                disabled=code == language(),
                on_click=spoken.choose,
                args=(code,),
            )
