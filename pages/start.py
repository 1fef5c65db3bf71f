"""Start: a ready little net, lit through at once; draw and watch every layer answer, then train it oneself."""

from pathlib import Path

import streamlit as st

from lib.datasets.catalogue import info
from lib.ui.components.feature_maps import feature_maps
from lib.ui.frame.page import head, open_page
from lib.ui.net import in_page, inside
from lib.ui.net.familiar import is_strange
from lib.ui.net.picture import refresh_seconds
from lib.ui.start import nets, path, training

_WHAT = {
    "doodles": "doodles of ten kinds that our own pen drew",
    "drawn-digits": "digits that our own pen wrote, and 4,000 that people did (MNIST)",
}
_STYLE = Path(training.__file__).with_name("start.css")

open_page("Start")
st.html(f"<style>{_STYLE.read_text(encoding='utf-8')}</style>")
own = nets.own_run()
title, choice = st.columns([0.65, 0.35], vertical_alignment="center")
with choice, st.container(horizontal=True, horizontal_alignment="right"):
    net = nets.choose_net(own)
with title:
    whose = "your own net" if net is own else "this little net"
    head("See a neural network learn", f"Draw below: every layer of {whose} answers while you draw.")


def live() -> None:
    """A stroke, and new weights of a net that learns, run only this part of the page again."""
    with st.container(key="stack-start"):
        drawing, maps = st.columns([0.2, 0.8], gap="medium")
    with drawing:
        chosen = inside.drawing_or_sample(net.dataset, followed=in_page.runs_in_page(net))
    with maps:
        moment = net.model()
        shown = in_page.view(net, chosen, moment=moment)
        shown["answer"]["strange"] = is_strange(net, *moment, chosen)
        feature_maps(key="start-maps", **shown)


st.fragment(live, run_every=refresh_seconds(net, every=0.5))()

learned = f"{len(net.dataset.train):,} " if len(net.dataset.train) else ""  # its pictures may not be here
what = _WHAT.get(net.dataset.name, f"pictures of {info(net.dataset.name).title}")
training.show(
    own,
    f"This ready net is a small CNN that learned from {learned}{what}. Train the same layers yourself: they begin with "
    "random numbers, form while you watch, and then read what you draw. Nothing leaves this machine.",
)
path.show()
