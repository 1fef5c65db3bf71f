"""Classify: draw, upload or pick a picture, and see what the net makes of it."""

import streamlit as st

from lib.training import predict
from lib.ui import inside
from lib.ui.frame import head_with_net, open_page

open_page("Classify")
net = head_with_net("Classify", "Draw or upload a picture and see what the net makes of it.")
data = net.dataset


@st.fragment
def try_it() -> None:
    """Picture in, answer out; nothing else on the page runs again for a stroke."""
    with st.container(key="stack-classify"):
        left, right = st.columns([0.25, 0.75], gap="large")
    with left:
        chosen = inside.choose_picture(inside.choose_source("draw"), data)
    with right:
        if chosen is None:
            st.html(inside.waiting_html(data.classes))
        else:
            _, model = net.model()
            probabilities = predict(model, chosen.x)[0]
            answer, seen = st.columns([0.64, 0.36], gap="large")
            with answer:
                st.html(inside.verdict_html(data.classes, probabilities, chosen))
                st.html(inside.bars_html(data.classes, probabilities, chosen.truth))
            with seen:
                st.html(inside.seen_html(chosen, data))
    if chosen is not None and chosen.prepared is not None:
        st.markdown("**What the net sees**: the same steps that the training pictures took")
        st.html(inside.steps_html(chosen.prepared))


try_it()
