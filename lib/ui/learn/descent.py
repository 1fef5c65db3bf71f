"""Gradient descent: a ball on textbook curves, then on slices through this net's real loss."""

from typing import Any

import streamlit as st

from lib.ui.components.descent import descent
from lib.ui.learn.descent_map import draw_map
from lib.ui.learn.heard import you_may_have_read
from lib.ui.learn.leads import Lead, leads_to
from lib.ui.learn.slice import Slice, choose_slice
from lib.ui.net import inside
from lib.ui.net.missing import lacks_pictures
from lib.ui.net.picture import can_be_asked
from lib.ui.words import field, for_browser, say

# S26's numbers: at 0.38 the bowl has a slope of -0.55. Each rate with what it does on that curve.
_BOWL: dict[str, Any] = {
    "name": "bowl",
    "rates": [[0.01, "crawls_rate"], [0.1, "walks_rate"], [0.9, "bounces_rate"], [1.1, "explodes_rate"]],
    "start": 0.38,
    "from": -0.9,
    "to": 2.2,
    "top": 2.4,
}
_HILLS: dict[str, Any] = {
    "name": "hills",
    "rates": [[0.005, "crawls_rate"], [0.05, "walks_rate"], [0.8, "bounces_rate"], [8.0, "explodes_rate"]],
    "start": -1.9,
    "from": -2.5,
    "to": 4.5,
}


@st.fragment
def show(net: inside.Net) -> None:
    """The textbook's bowl first, then this net's own loss from the side and from above."""
    words = for_browser("descent", "fields")
    descent(key="descent", words=words, curves=[_BOWL, _HILLS], title=say("descent.title"), hint=say("descent.hint"))
    step, model = net.model()
    if can_be_asked(model) and not lacks_pictures(net, "slopes"):
        with st.container(key="stack-descent"):
            left, right = st.columns([0.58, 0.42], gap="medium")
        with left:
            slice_ = choose_slice(net, step, model)
            descent(
                key=f"descent-own-{slice_.kind}",
                words=words,
                curves=[_curve(slice_)],
                title=say("descent.own_title"),
                hint=say("descent.own_hint", pictures=slice_.pictures, parameters=slice_.parameters),
            )
            st.caption(f"{slice_.note} {_chosen(net, slice_.parameters)}")
        with right:
            draw_map(net, step, model, words)
    you_may_have_read("parameters_are_neurons")
    leads_to(
        Lead("train", "leads.too_large", {"lr": "10", "opt": "sgd"}),
        Lead("compare", "leads.rate_race"),
        Lead("look_inside", "leads.backwards", {"view": "backwards"}),
    )


def _chosen(net: inside.Net, parameters: int) -> str:
    """What was learned, and what somebody chose before."""
    train = net.config.train
    chosen = say(
        "descent.chosen",
        rate=train.learning_rate,
        optimizer=field.OPTIMIZER_TITLES[train.optimizer],
        batch=train.batch_size,
        epochs=train.epochs,
        layers=len(net.config.model.layers) + 1,
    )
    return say("descent.own_parameters", parameters=parameters, chosen=chosen)


def _curve(slice_: Slice) -> dict[str, Any]:
    """A curve for `descent`; its rates are measured by its own sharpest valley, beyond which steps overshoot."""
    positions, losses = slice_.positions, slice_.losses
    gap = positions[1] - positions[0]
    bends = [
        (after - 2 * at + before) / gap**2 for before, at, after in zip(losses, losses[1:], losses[2:], strict=False)
    ]
    critical = 2 / max(*bends, 2e-5)
    shares = {"crawls_rate": 0.02, "walks_rate": 0.2, "bounces_rate": 0.95, "explodes_rate": 2.5}
    return {
        "name": "own",
        "positions": positions,
        "losses": losses,
        "start": slice_.start,
        "here": slice_.here,
        "from": positions[0],
        "to": positions[-1],
        "axis": slice_.axis,
        "rates": [[float(f"{critical * share:.2g}"), word] for word, share in shares.items()],
    }
