"""Neurons and layers: a net small enough to read every number, its parts, and a real one with live values."""

import streamlit as st

from lib.ui.components.activations import activations
from lib.ui.components.layer_kinds import layer_kinds
from lib.ui.components.softmax_play import softmax_play
from lib.ui.components.tiny_net import tiny_net
from lib.ui.learn.diagram import show_diagram
from lib.ui.learn.heard import you_may_have_read
from lib.ui.learn.leads import Lead, leads_to
from lib.ui.net import inside
from lib.ui.net.picture import can_be_asked
from lib.ui.words import for_browser, say


@st.fragment
def show(net: inside.Net) -> None:
    """From one weighted sum to a whole net."""
    words = for_browser("neurons", "loss", "fields")
    tiny_net(key="tiny-net", words=words)
    with st.container(key="stack-neurons"):
        left, right = st.columns(2, gap="medium")
    with left:
        activations(key="activations", words=words)
    with right:
        softmax_play(key="softmax", words=words)
        st.markdown(f":material/psychology: {say('neurons.brain')}")
    if can_be_asked(net.model()[1]):
        show_diagram(net)
    layer_kinds(key="layer-kinds", words=words)
    you_may_have_read("fire_together", "parameters_are_neurons")
    leads_to(
        Lead("train", "leads.build_it"),
        Lead("look_inside", "leads.forward"),
        Lead("classify", "leads.softmax"),
    )
