"""Classify: draw, upload or pick a picture, and see what the net makes of it and where it fails."""

import streamlit as st

from lib.ui.classify import picture
from lib.ui.frame import head_with_net, open_page

# Name -> title (the address says it too), and what draws it.
_VIEWS = {
    "picture": ("Your picture", picture.show),
}

open_page("Classify")
net = head_with_net("Classify", "Draw or upload a picture and see what the net makes of it.")
view = "picture"
if len(_VIEWS) > 1:
    view = st.segmented_control(
        "View",
        list(_VIEWS),
        default="picture",
        format_func=lambda name: _VIEWS[name][0],
        key="classify-view",
        bind="query-params",
        label_visibility="collapsed",
        required=True,
    )
_VIEWS[view or "picture"][1](net)
