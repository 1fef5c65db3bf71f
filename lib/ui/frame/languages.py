"""Which language a page is in, and for whom, at its end: the others are a press away."""

import streamlit as st

from lib.ui.setup import level, spoken
from lib.ui.words import LANGUAGES, language, say


def offer(*, with_languages: bool = True) -> None:
    """Draw a button for each language, by its own name, and for each level; what holds now cannot be pressed."""
    with st.container(key="languages", horizontal=True, gap="small"):
        for code, name in LANGUAGES.items() if with_languages else ():
            st.button(
                name,
                key=f"language-{code}",
                type="tertiary",
                disabled=code == language(),
                on_click=spoken.choose,
                args=(code,),
            )
        for each in level.LEVELS:
            st.button(
                f"{say('level.level')}: {say(f'level.{each}')}",
                key=f"level-{each}",
                type="tertiary",
                disabled=each == level.chosen(),
                on_click=level.choose,
                args=(each,),
            )
