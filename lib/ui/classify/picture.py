"""One picture: drawn, uploaded or from the test pictures, with every step from it to the answer."""

import streamlit as st

from lib.training import predict
from lib.ui import answers, inside


@st.fragment
def show(net: inside.Net) -> None:
    """Picture in, answer out; nothing else on the page runs again for a stroke."""
    data = net.dataset
    with st.container(key="stack-classify"):
        left, right = st.columns([0.25, 0.75], gap="large")
    with left:
        chosen = inside.choose_picture(inside.choose_source("draw"), data)
    with right:
        if chosen is None:
            st.html(answers.waiting_html(data.classes))
        else:
            _, model = net.model()
            probabilities = predict(model, chosen.x)[0]
            answer, seen = st.columns([0.64, 0.36], gap="large")
            with answer:
                st.html(answers.verdict_html(data.classes, probabilities, chosen.truth))
                st.html(answers.bars_html(data.classes, probabilities, chosen.truth))
            with seen:
                st.html(answers.seen_html(chosen.x, chosen.caption, data))
    if chosen is not None and chosen.prepared is None:
        st.caption("A test picture goes in as it is. Your own picture takes several steps: draw or upload one.")
    if chosen is not None and chosen.prepared is not None:
        st.markdown("**What the net sees**: the same steps that the training pictures took")
        st.html(answers.steps_html(chosen.prepared))
