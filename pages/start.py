"""Start: a ready little net, lit through at once; draw and watch every layer answer, then train it oneself."""

import streamlit as st

from lib.datasets.catalogue import info
from lib.ui.components.feature_maps import feature_maps
from lib.ui.frame.page import head, open_page
from lib.ui.net import in_page, inside
from lib.ui.net.familiar import is_strange
from lib.ui.net.picture import refresh_seconds
from lib.ui.start import nets, path, training
from lib.ui.words import Said, say
from lib.ui.words.field import title_of

_WHAT = Said({"doodles": "start.doodles_ten_kinds", "drawn-digits": "start.digits_our_own"})

open_page("start")
own = nets.own_run()
title, choice = st.columns([0.65, 0.35], vertical_alignment="center")
with choice, st.container(horizontal=True, horizontal_alignment="right"):
    net = nets.choose_net(own)
with title:
    whose = say("start.your_own_net") if net is own else say("start.little_net")
    head(say("start.see_neural_network"), say("start.draw_below_every", whose=whose))


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
what = _WHAT.get(net.dataset.name, f"pictures of {title_of(info(net.dataset.name))}")
training.show(
    own,
    say("start.ready_net_small", learned=learned, what=what),
)
path.show()
