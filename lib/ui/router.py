"""The pages and their addresses. Streamlit runs this script for every rerun of every page."""

import streamlit as st

from lib.ui.classroom import bar
from lib.ui.frame import fault
from lib.ui.frame.page import PAGES
from lib.ui.lesson import panel as lesson_panel

page = st.navigation(
    [
        st.Page(PAGES / "start.py", title="Start", default=True),
        st.Page(PAGES / "learn.py", title="Learn", url_path="learn"),  # at hand also where there is room for few
        st.Page(PAGES / "data.py", title="Data", url_path="data"),
        st.Page(PAGES / "train.py", title="Train", url_path="train"),
        st.Page(PAGES / "look_inside.py", title="Look inside", url_path="look_inside"),
        st.Page(PAGES / "classify.py", title="Classify", url_path="classify"),
        st.Page(PAGES / "diagnose.py", title="Diagnose", url_path="diagnose"),
        st.Page(PAGES / "compare.py", title="Compare", url_path="compare"),
        st.Page(
            PAGES / "classroom.py",
            title="Classroom",
            url_path="classroom",
            visibility="visible" if bar.is_class() else "hidden",
        ),
    ],
    position="top",
)
with fault.contained("class"):
    bar.show(page.title)
with fault.contained("lesson"):
    lesson_panel.show(page.url_path)
fault.tell()
page.run()
