"""Diagnose: what the net confuses, how far it can be trusted, and what the doctor would try."""

from pathlib import Path

import streamlit as st

from lib.ui.diagnose import doctor, gap, mistakes, projection
from lib.ui.frame.page import head_with_net, open_page
from lib.ui.lesson.views import choose_view

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
view = choose_view("diagnose-view", {name: title for name, (title, _) in _VIEWS.items()}, "mistakes")
_VIEWS[view][1](net)
