"""Look inside: follow one picture through every layer of the net, also while it trains."""

import streamlit as st

from lib.ui import inside
from lib.ui.components.feature_maps import Normalise, feature_maps
from lib.ui.components.filter_grid import encode_filters, filter_grid
from lib.ui.frame import head_with_net, open_page

_SCALES = {"map": "each map on its own scale", "layer": "one scale per layer"}

open_page("Look inside")
net = head_with_net("Look inside", "Follow one picture through every layer, while the net learns or afterwards.")


def draw_inside(chosen: inside.Chosen, normalise: Normalise) -> None:
    """Everything that changes while the net learns: maps, answer, filters."""
    selected = feature_maps(key="maps", **inside.view(net, chosen, normalise)).selected
    _, model = net.model()
    first = inside.first_convolution(model)
    if first is None:
        st.caption("This net has no convolution, so there are no filters to show: its dense layers see a flat row.")
        return
    name, convolution = first
    size = convolution.kernel_size[0]
    filter_grid(
        key="filters",
        title=f"{name}: {convolution.out_channels} filters {size}×{size}, as learned so far",
        weights=encode_filters(convolution.weight.detach().numpy(), convolution.bias.detach().numpy()),
        channel_names=("red", "green", "blue") if convolution.in_channels == 3 else (),
        selected=selected["index"] if selected and selected["layer"] == name else None,
    )


@st.fragment
def page() -> None:
    """A stroke or another sample runs this part of the page again."""
    with st.container(horizontal=True, vertical_alignment="center", gap="medium", key="inside-controls"):
        source = inside.choose_source("sample")
        chosen = inside.choose_picture(source, net.dataset) if source == "sample" else None
        normalise = st.segmented_control(
            "Brightness of the maps",
            list(_SCALES),
            default="map",
            format_func=_SCALES.__getitem__,
            key="normalise",
            required=True,
            persist_state="session",
            label_visibility="collapsed",
        )
    learning = getattr(net, "state", "finished") == "running"
    refreshed = st.fragment(draw_inside, run_every=1.0 if learning else None)
    if chosen is not None:
        refreshed(chosen, normalise)
        return
    with st.container(key="stack-inside"):
        own, maps = st.columns([0.2, 0.8], gap="medium")
    with own:
        chosen = inside.choose_picture(source, net.dataset)
    with maps:
        if chosen is None:
            st.info("Draw or upload a picture, and it travels through the net here.", icon=":material/draw:")
        else:
            refreshed(chosen, normalise)


page()
