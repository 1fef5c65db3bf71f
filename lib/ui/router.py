"""The pages and their addresses. Streamlit runs this script for every rerun of every page."""

import streamlit as st

from lib.ui.classroom import bar
from lib.ui.frame import fault, languages, late_ticks
from lib.ui.frame.page import PAGES
from lib.ui.learn import terms
from lib.ui.lesson import panel as lesson_panel
from lib.ui.setup import address, spoken
from lib.ui.words import DEFAULT, say, say_in

spoken.follow()
page = st.navigation(
    [
        st.Page(PAGES / "start.py", title=say("pages.start"), default=True),
        st.Page(
            PAGES / "learn.py", title=say("pages.learn"), url_path="learn"
        ),  # at hand also where there is room for few
        st.Page(PAGES / "data.py", title=say("pages.data"), url_path="data"),
        st.Page(PAGES / "train.py", title=say("pages.train"), url_path="train"),
        st.Page(PAGES / "look_inside.py", title=say("pages.look_inside"), url_path="look_inside"),
        st.Page(PAGES / "classify.py", title=say("pages.classify"), url_path="classify"),
        st.Page(PAGES / "diagnose.py", title=say("pages.diagnose"), url_path="diagnose"),
        st.Page(PAGES / "compare.py", title=say("pages.compare"), url_path="compare"),
        st.Page(PAGES / "labs.py", title=say("pages.labs"), url_path="labs"),
        st.Page(
            PAGES / "classroom.py",
            title=say("pages.classroom"),
            url_path="classroom",
            visibility="visible" if bar.is_class() else "hidden",
        ),
    ],
    position="top",
)
address.is_at(page.url_path)
with fault.contained("class"):
    bar.show(say_in(DEFAULT, f"pages.{page.url_path or 'start'}"))
with fault.contained("lesson"):
    lesson_panel.show(page.url_path)
fault.tell()
page.run()
terms.show(page.url_path or "start")
languages.offer(with_languages=page.url_path != "learn")  # which has its own
address.arrived()
late_ticks.outlive()
