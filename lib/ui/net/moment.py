"""The weights that a view works with: those of the moment it was opened, also while the net learns on."""

import streamlit as st
from torch import Tensor, nn

from lib.models import build_model
from lib.ui.net import inside
from lib.ui.net.picture import is_learning
from lib.ui.words import say

_KEY = "moment"


def moment_of(net: inside.Net) -> tuple[int, nn.Sequential]:
    """`(step, net)`: the same weights until newer ones are asked for, so that all numbers in view belong together."""
    kept = st.session_state.get(_KEY)
    if kept is None or kept["net"] != net.id:
        step, model = net.model()
        weights: dict[str, Tensor] = model.state_dict()
        kept = st.session_state[_KEY] = {"net": net.id, "step": step, "weights": weights}  # plain values only
    data = net.dataset
    model = build_model(net.config.model, data.input_shape, len(data.classes))
    model.load_state_dict(kept["weights"])
    return kept["step"], model.eval()


def forget() -> None:
    """Let the moment go; the next one is now."""
    st.session_state.pop(_KEY, None)


def newest_button(net: inside.Net) -> None:
    """Offer the newest weights of a net that still learns, or has learned since."""
    if is_learning(net) or net.model()[0] != st.session_state[_KEY]["step"]:
        st.button(
            say("net.newest_weights"),
            icon=":material/refresh:",
            on_click=forget,
            help=say("net.take_net_as"),
        )
