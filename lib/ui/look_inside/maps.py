"""One picture on its way through every layer, and how each number is made."""

from collections.abc import Mapping
from typing import Any

import streamlit as st
from torch import nn

from lib.explain.terms import arithmetic
from lib.ui.components.arithmetic import arithmetic as arithmetic_panel
from lib.ui.components.arithmetic import encode_arithmetic
from lib.ui.components.feature_maps import Normalise, clicked, feature_maps
from lib.ui.components.filter_grid import encode_filters, filter_grid
from lib.ui.look_inside import time_machine
from lib.ui.net import inside
from lib.ui.net.familiar import is_strange
from lib.ui.net.picture import can_be_asked, refresh_seconds
from lib.ui.setup.controls import held
from lib.ui.words import Said, say
from lib.ui.words.field import classes_of

_SCALES: Mapping[Normalise, str] = Said(
    {
        "map": "look_inside.scales_map",
        "layer": "look_inside.scales_layer",
    }
)


def _draw(net: inside.Net, chosen: inside.Chosen, normalise: Normalise) -> None:
    """Everything that changes while the net learns: maps, arithmetic, filters, all of the same moment."""
    with time_machine.opened(net) as moment:
        works = can_be_asked(moment.model, earlier=time_machine.has_past(net))
        if works:
            selected = _draw_way(net, chosen, normalise, moment)
    if not works:
        return
    with st.container(key="stack-moment"):
        filters, answers = st.columns([0.6, 0.4], gap="medium")
    with filters:
        _draw_filters(moment, selected)
    with answers:
        time_machine.show_counts(net, moment)
    time_machine.say_budget(net)


def _draw_way(
    net: inside.Net, chosen: inside.Chosen, normalise: Normalise, moment: time_machine.Moment
) -> dict[str, Any]:
    """The maps and the arithmetic of the selected number, which is returned."""
    shown = inside.view(net, chosen, normalise, moment.model, moment.step, with_rows=True)
    if moment.at is None:  # to each moment of its past other pictures are familiar: Play would wait for them
        shown["answer"]["strange"] = is_strange(net, moment.step, moment.model, chosen)
    selected = _selection(shown)
    feature_maps(key="maps", first=selected, **shown)
    arithmetic_panel(key="arithmetic", number=_number(net, chosen, moment.model, selected), step=moment.step)
    return selected


def _draw_filters(moment: time_machine.Moment, selected: dict[str, Any]) -> None:
    first = inside.first_convolution(moment.model)
    if first is None:
        st.caption(say("look_inside.net_has_no"))
        return
    name, convolution = first
    assert convolution.bias is not None
    size = convolution.kernel_size[0]
    when = say("look_inside.as_learned_so") if moment.at is None else say("look_inside.iteration", step=moment.step)
    filter_grid(
        key="filters",
        title=say("look_inside.filters", name=name, out_channels=convolution.out_channels, size=size, when=when),
        weights=encode_filters(convolution.weight.detach().numpy(), convolution.bias.detach().numpy()),
        channel_names=("red", "green", "blue") if convolution.weight.shape[1] == 3 else (),
        selected=selected["index"] if selected["layer"] == name else None,
    )


def _selection(shown: dict[str, Any]) -> dict[str, Any]:
    """The map, unit or answer last clicked, if this net has it; else the first map, or the likeliest answer."""
    sizes = {layer["name"]: layer["channels"] for layer in shown["layers"]}
    sizes["answer"] = len(shown["answer"]["classes"])
    found = clicked("maps")
    if found and found["index"] < sizes.get(found["layer"], 0):
        return found
    if shown["layers"]:
        return {"layer": shown["layers"][0]["name"], "index": 0}
    probabilities = shown["answer"]["probabilities"]
    return {"layer": "answer", "index": probabilities.index(max(probabilities))}


def _number(net: inside.Net, chosen: inside.Chosen, model: nn.Sequential, selected: dict[str, Any]) -> dict[str, Any]:
    """How the selected map, unit or answer is made."""
    *_, class_layer = (name for name, _ in model.named_children())
    layer = class_layer if selected["layer"] == "answer" else selected["layer"]
    data = net.dataset
    made = arithmetic(model, chosen.x, layer, selected["index"])
    return encode_arithmetic(made, layer, selected["index"], highest=255 * data.test.scale, classes=classes_of(data))


@st.fragment
def show(net: inside.Net) -> None:
    """Every layer's maps of one picture, now or at a moment of its past; a stroke or another sample runs only this."""
    with st.container(horizontal=True, vertical_alignment="center", gap="medium", key="inside-controls"):
        source = inside.choose_source("sample")
        chosen = inside.choose_picture(source, net.dataset) if source == "sample" else None
        normalise = held(
            st.segmented_control,
            say("look_inside.brightness_maps"),
            _SCALES,
            first="map",
            format_func=_SCALES.__getitem__,
            key="normalise",
            required=True,
            label_visibility="collapsed",
        )
    refreshed = st.fragment(_draw, run_every=refresh_seconds(net, every=1.0))
    if chosen is not None:
        refreshed(net, chosen, normalise)
        return
    with st.container(key="stack-inside"):
        own, maps = st.columns([0.2, 0.8], gap="medium")
    with own:
        chosen = inside.choose_picture(source, net.dataset)
    with maps:
        if chosen is None:
            st.info(say("look_inside.draw_or_upload"), icon=":material/draw:")
        else:
            refreshed(net, chosen, normalise)
