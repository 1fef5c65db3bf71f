"""Look inside: follow one picture through every layer of the net, also while it trains."""

import streamlit as st

from lib.ui.frame import head_with_net, open_page
from lib.ui.lesson.views import usual_view
from lib.ui.look import backwards, filter_bench, maps, matters, surgery

# Name -> title (the address says it too), and what draws it.
_VIEWS = {
    "maps": ("Feature maps", maps.show),
    "bench": ("Filter bench", filter_bench.show),
    "matters": ("What matters", matters.show),
    "surgery": ("Surgery", surgery.show),
    "backwards": ("Backwards", backwards.show),
}

open_page("Look inside")
net = head_with_net("Look inside", "Follow one picture through every layer, while the net learns or afterwards.")
view = st.segmented_control(
    "View",
    list(_VIEWS),
    default=usual_view("view", "maps"),
    format_func=lambda name: _VIEWS[name][0],
    key="view",
    bind="query-params",
    label_visibility="collapsed",
    required=True,
)
_VIEWS[view or "maps"][1](net)
