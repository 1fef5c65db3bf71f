"""Look inside: follow one picture through every layer of the net, also while it trains."""

import streamlit as st

from lib.ui import inside
from lib.ui.components.feature_maps import feature_maps
from lib.ui.components.filter_grid import encode_filters, filter_grid
from lib.ui.frame import head_with_net, open_page

open_page("Look inside")
net = head_with_net("Look inside", "Follow one picture through every layer, while the net learns or afterwards.")
chooser, options = st.columns([0.62, 0.38], gap="medium", vertical_alignment="bottom")
with chooser:
    chosen = inside.choose_picture(net.dataset)
with options:
    normalise = st.segmented_control(
        "Brightness of the maps",
        ["map", "layer"],
        default="map",
        format_func={"map": "each map on its own scale", "layer": "one scale per layer"}.__getitem__,
        key="normalise",
        required=True,
        persist_state="session",
    )


def draw_inside() -> None:
    """Everything that changes while the net learns."""
    if chosen is None:
        st.info("Draw or upload a picture, or take a sample, and it travels through the net here.")
        return
    selected = feature_maps(key="maps", **inside.view(net, chosen, normalise or "map")).selected
    _, model = net.model()
    first = inside.first_convolution(model)
    if first is None:
        return
    name, convolution = first
    marked = selected["index"] if selected and selected["layer"] == name else None
    size = convolution.kernel_size[0]
    filter_grid(
        key="filters",
        title=f"{name}: {convolution.out_channels} filters {size}×{size}, as learned so far",
        weights=encode_filters(convolution.weight.detach().numpy(), convolution.bias.detach().numpy()),
        channel_names=("red", "green", "blue") if convolution.in_channels == 3 else (),
        selected=marked,
    )


learning = getattr(net, "state", "finished") == "running"
st.fragment(draw_inside, run_every=1.0 if learning else None)()
