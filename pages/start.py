"""Start: a ready little net, lit through at once; draw and watch every layer answer."""

import streamlit as st

from lib.datasets.catalogue import info
from lib.ui.components.feature_maps import feature_maps
from lib.ui.frame.page import READY, choose_ready, chosen_ready, head, link_to, open_page, ready
from lib.ui.net import inside
from lib.ui.net.familiar import is_strange
from lib.ui.setup.controls import held

_NEXT = (
    ("train", "**Train** your own net", ":material/play_arrow:", "Choose layers and a learning rate, press Train, "
     "and watch loss and accuracy move while it learns."),
    ("look_inside", "**Look inside** it", ":material/search:", "Follow a picture through every filter and feature "
     "map, also while they form."),
    ("classify", "**Classify** your pictures", ":material/draw:", "Draw or upload something, and see each step from "
     "your picture to the answer."),
    ("learn", "**Learn** by touching", ":material/school:", "Five lessons, and every idea of a neural network with "
     "numbers to drag."),
    ("diagnose", "**Diagnose** its mistakes", ":material/troubleshoot:", "See which pictures it confuses, and what "
     "the doctor would try."),
    ("compare", "**Compare** nets", ":material/compare_arrows:", "Let an experiment answer a question, with its "
     "numbers: a race of learning rates, dense against convolution."),
)  # fmt: skip
_WHAT = {
    "doodles": "doodles of ten kinds that our own pen drew",
    "drawn-digits": "digits that our own pen wrote, and 4,000 that people did (MNIST)",
}

open_page("Start")
title, choice = st.columns([0.7, 0.3], vertical_alignment="center")
with title:
    head("See a neural network learn", "Draw below: every layer of this little net answers while you draw.")
with choice, st.container(horizontal=True, horizontal_alignment="right"):
    st.session_state["start-net"] = chosen_ready()
    held(
        st.segmented_control,
        "The net",
        READY,
        format_func=lambda name: f"reads {READY[name]}",
        key="start-net",
        on_change=lambda: choose_ready(st.session_state["start-net"]),
        required=True,
        label_visibility="collapsed",
    )

net = ready(chosen_ready())


@st.fragment
def live() -> None:
    """A stroke runs only this part of the page again."""
    with st.container(key="stack-start"):
        drawing, maps = st.columns([0.2, 0.8], gap="medium")
    with drawing:
        chosen = inside.drawing_or_sample(net.dataset)
    with maps:
        shown = inside.view(net, chosen)
        shown["answer"]["strange"] = is_strange(net, *net.model(), chosen)
        feature_maps(key="start-maps", **shown)


live()

learned = f"{len(net.dataset.train):,} " if len(net.dataset.train) else ""  # its pictures may not be here
what = _WHAT.get(net.dataset.name, f"pictures of {info(net.dataset.name).title}")
st.caption(f"This ready net is a small CNN that learned from {learned}{what}. Nothing leaves this machine.")
for row in (_NEXT[:3], _NEXT[3:]):
    for column, (page, label, icon, sentence) in zip(st.columns(3, gap="medium"), row, strict=True):
        with column, st.container(border=True, gap="xsmall", height="stretch"):
            link_to(page, label, icon)
            st.caption(sentence)
