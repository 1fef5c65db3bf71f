"""Look inside: follow one picture through every layer of the net, also while it trains."""

import streamlit as st

from lib.ui.frame import head_with_net, open_page
from lib.ui.look import maps

# Address name -> title, and what draws it.
_VIEWS = {
    "maps": ("Feature maps", maps.show),
}

open_page("Look inside")
net = head_with_net("Look inside", "Follow one picture through every layer, while the net learns or afterwards.")
view = "maps"
if len(_VIEWS) > 1:
    view = st.segmented_control(
        "View",
        list(_VIEWS),
        default="maps",
        format_func=lambda name: _VIEWS[name][0],
        key="view",
        bind="query-params",
        label_visibility="collapsed",
        required=True,
    )
_VIEWS[view or "maps"][1](net)
