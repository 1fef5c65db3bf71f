"""Diagnose: what the net confuses, how far it can be trusted, and what the doctor would try."""

from pathlib import Path

import streamlit as st

from lib.ui.diagnose import doctor, gap, mistakes, projection
from lib.ui.frame import head_with_net, open_page

# Name -> title (the address says it too), and what draws it.
_VIEWS = {
    "mistakes": ("Confusion matrix", mistakes.show),
    "gap": ("Training, validation, test", gap.show),
    "projection": ("Map of pictures", projection.show),
    "doctor": ("The doctor", doctor.show),
}
_STYLE = Path(doctor.__file__).with_name("diagnose.css")

open_page("Diagnose")
st.html(f"<style>{_STYLE.read_text(encoding='utf-8')}</style>")
net = head_with_net(
    "Diagnose", "See which pictures the net confuses and why, and let the doctor look at its curves.", whole=False
)
view = st.segmented_control(
    "View",
    list(_VIEWS),
    default="mistakes",
    format_func=lambda name: _VIEWS[name][0],
    key="diagnose-view",
    bind="query-params",
    label_visibility="collapsed",
    required=True,
)
_VIEWS[view or "mistakes"][1](net)
