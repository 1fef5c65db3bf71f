"""From one page of the app to another, by our own doing."""

from contextlib import suppress

import streamlit as st
from streamlit.errors import StreamlitAPIException

from lib.ui.frame.page import PAGES


def open_page_of(wanted: str, page: str) -> None:
    """Open another page of the app; where it cannot be found (a page that runs alone) only draw this one again."""
    if wanted != page:
        kept = {name: st.query_params[name] for name in ("lesson", "step", "run", "lang") if name in st.query_params}
        with suppress(StreamlitAPIException):
            st.switch_page(PAGES / f"{wanted}.py", query_params=kept)
    st.rerun()
