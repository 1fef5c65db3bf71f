"""The pages and their addresses. Streamlit runs this script for every rerun of every page."""

import streamlit as st

from lib.ui.frame import PAGES

page = st.navigation(
    [
        st.Page(PAGES / "start.py", title="Start", default=True),
        st.Page(PAGES / "train.py", title="Train", url_path="train"),
        st.Page(PAGES / "look_inside.py", title="Look inside", url_path="look_inside"),
        st.Page(PAGES / "classify.py", title="Classify", url_path="classify"),
    ],
    position="top",
)
page.run()
