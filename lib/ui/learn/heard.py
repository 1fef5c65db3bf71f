"""What one may have read about an idea, and what holds."""

import streamlit as st

from lib.ui.words import say


def you_may_have_read(*names: str) -> None:
    """Set a few claims right, kindly: each name stands for `claims.<name>` and `claims.<name>_holds`."""
    with st.container(key=f"claims-{names[0]}", gap="xsmall"):
        for name in names:
            st.markdown(f":material/edit_note: *{say(f'claims.{name}')}* {say(f'claims.{name}_holds')}")
