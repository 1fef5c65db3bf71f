"""Open a net that somebody made elsewhere: what it is in our layers, which pictures it is for, where one looks into it.

What does not fit is said in one sentence, with the operator that it is about.
"""

import streamlit as st

from lib.datasets import DatasetInfo
from lib.home import HomeFailure
from lib.models import describe, summarize
from lib.nets.brought import Arrived, keep_net, read_arrived
from lib.nets.stranger.file import NotThisNet
from lib.runs import get_registry
from lib.ui.frame.home_notes import failure_in_words
from lib.ui.frame.page import choose_ready, link_to
from lib.ui.setup import allowed, session
from lib.ui.setup.controls import held
from lib.ui.words import say, text
from lib.ui.words.field import title_of

ENDINGS = ("onnx", "safetensors")
_OPENED = "net-opened"  # in the session: the id of the net that was opened last
_DATA, _PIXELS = "net-file-data", "net-file-pixels"
_PLACES = {
    "look_inside": ":material/visibility:",
    "classify": ":material/draw:",
    "diagnose": ":material/troubleshoot:",
    "labs": ":material/science:",
}


def show(name: str, content: bytes) -> None:
    """Say what a file holds, and offer to open it."""
    try:
        arrived = read_arrived(name, content, session.setup())
        parameters = summarize(arrived.model, arrived.shape, arrived.classes).parameters
        if parameters > (most := get_registry().limits.max_parameters):
            raise NotThisNet("too_many_parameters", parameters=parameters, most=most)
    except NotThisNet as refused:
        told = {
            each: text.literal(value) if isinstance(value, str) else value for each, value in refused.values.items()
        }
        st.error(say(f"stranger.{refused.code}", **told), icon=":material/error:")
        return
    layers = ", ".join(layer.in_short() for layer in arrived.model.layers)
    counted = {"classes": arrived.classes, "shape": describe(arrived.shape), "parameters": parameters}
    st.markdown(say("stranger.found", name=text.literal(arrived.name), layers=layers or say("setting.none"), **counted))
    fitting = {each.name: each for each in arrived.fitting(session.owner())}
    if not fitting:
        st.warning(say("stranger.no_pictures", **counted), icon=":material/image_not_supported:")
        return
    _offer(arrived, fitting)


def _offer(arrived: Arrived, fitting: dict[str, DatasetInfo]) -> None:
    titles = {name: title_of(each) for name, each in fitting.items()}
    now = session.setup().data.name
    first = now if arrived.config is None and now in titles else next(iter(titles))
    data = held(st.selectbox, say("stranger.data"), titles, first=first, format_func=titles.__getitem__, key=_DATA)
    scaled = arrived.scale_pixels
    if arrived.config is None:
        scaled = not held(st.toggle, say("stranger.pixels"), first=False, key=_PIXELS, help=say("stranger.pixels_help"))
    st.button(say("stranger.open"), type="primary", on_click=_open, args=(arrived, data, scaled))
    if (opened := st.session_state.get(_OPENED)) is None:
        return
    if not opened.startswith("brought-"):
        st.error(opened, icon=":material/error:")
        return
    st.success(say("stranger.opened", name=text.literal(arrived.name)), icon=":material/check:")
    with st.container(horizontal=True, gap="medium"):
        for page, icon in _PLACES.items():
            link_to(page, say(f"pages.{page}"), icon)


def _open(arrived: Arrived, data: str, scaled: bool) -> None:
    if not allowed.may("uploads"):
        return
    try:
        net = keep_net(arrived, data, session.owner(), scale_pixels=scaled)
    except HomeFailure as failure:
        said = say("train.cannot_be_kept", name=arrived.name, failure=failure_in_words(failure))
        st.session_state[_OPENED] = text.literal(said)
        return
    choose_ready(net.id)
    session.show_run(None)
    st.session_state[_OPENED] = net.id
