"""Classify: draw, upload or pick a picture, and see what the net makes of it and where it fails."""

import streamlit as st

from lib.ui.classify import many, picture, shift_lab, sureness
from lib.ui.frame import head_with_net, open_page
from lib.ui.lesson.views import usual_view

# Name -> title (the address says it too), and what draws it.
_VIEWS = {
    "picture": ("Your picture", picture.show),
    "many": ("Many pictures", many.show),
    "sureness": ("How sure?", sureness.show),
    "shift": ("Shift Lab", shift_lab.show),
}

open_page("Classify")
net = head_with_net("Classify", "Draw or upload a picture and see what the net makes of it.")
view = st.segmented_control(
    "View",
    list(_VIEWS),
    default=usual_view("classify-view", "picture"),
    format_func=lambda name: _VIEWS[name][0],
    key="classify-view",
    bind="query-params",
    label_visibility="collapsed",
    required=True,
)
_VIEWS[view or "picture"][1](net)
