"""Start: a ready little net, lit through at once; draw and watch every layer answer."""

import streamlit as st

from lib.runs.ready import ready_net
from lib.ui import inside
from lib.ui.components.feature_maps import feature_maps
from lib.ui.frame import PAGES, head, open_page

open_page("Start")
head("See a neural network learn", "Draw below: every layer of this little net answers while you draw.")

net = ready_net()


@st.fragment
def live() -> None:
    """A stroke runs only this part of the page again."""
    drawing, maps = st.columns([0.2, 0.8], gap="medium")
    with drawing:
        chosen = inside.drawing_or_sample(net.dataset)
    with maps:
        feature_maps(key="start-maps", **inside.view(net, chosen))


live()

with st.container(horizontal=True, vertical_alignment="center", gap="medium", key="start-next"):
    st.page_link(PAGES / "train.py", label="Train your own net", icon=":material/play_arrow:")
    st.page_link(PAGES / "look_inside.py", label="Look inside it", icon=":material/search:")
    st.page_link(PAGES / "classify.py", label="Try it with your pictures", icon=":material/draw:")
    st.caption(f"The ready net is a small CNN that learned {len(net.dataset.train):,} doodles of ten kinds.")
