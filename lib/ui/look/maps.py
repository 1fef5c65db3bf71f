"""One picture on its way through every layer, and how each number is made."""

import streamlit as st

from lib.ui import inside
from lib.ui.components.feature_maps import Normalise, feature_maps
from lib.ui.components.filter_grid import encode_filters, filter_grid

_SCALES: dict[Normalise, str] = {"map": "each map on its own scale", "layer": "one scale per layer"}


def _draw(net: inside.Net, chosen: inside.Chosen, normalise: Normalise) -> None:
    """Everything that changes while the net learns: maps, answer, filters."""
    selected = feature_maps(key="maps", **inside.view(net, chosen, normalise)).selected
    _, model = net.model()
    first = inside.first_convolution(model)
    if first is None:
        st.caption("This net has no convolution, so there are no filters to show: its dense layers see a flat row.")
        return
    name, convolution = first
    assert convolution.bias is not None
    size = convolution.kernel_size[0]
    filter_grid(
        key="filters",
        title=f"{name}: {convolution.out_channels} filters {size}×{size}, as learned so far",
        weights=encode_filters(convolution.weight.detach().numpy(), convolution.bias.detach().numpy()),
        channel_names=("red", "green", "blue") if convolution.in_channels == 3 else (),
        selected=selected["index"] if selected and selected["layer"] == name else None,
    )


@st.fragment
def show(net: inside.Net) -> None:
    """Every layer's maps of one picture; a stroke or another sample runs this part of the page again."""
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
    refreshed = st.fragment(_draw, run_every=1.0 if learning else None)
    if chosen is not None:
        refreshed(net, chosen, normalise)
        return
    with st.container(key="stack-inside"):
        own, maps = st.columns([0.2, 0.8], gap="medium")
    with own:
        chosen = inside.choose_picture(source, net.dataset)
    with maps:
        if chosen is None:
            st.info("Draw or upload a picture, and it travels through the net here.", icon=":material/draw:")
        else:
            refreshed(net, chosen, normalise)
