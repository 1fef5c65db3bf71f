"""The camera as a source: a net that runs in the page looks through it, and nothing leaves the device."""

import streamlit as st

from lib.ui.components.live_camera import live_camera
from lib.ui.net import in_page, inside
from lib.ui.setup import allowed
from lib.ui.words import say
from lib.ui.words.field import classes_of


def show(net: inside.Net, step: int) -> None:
    """What the camera sees, what goes in, and what the net says; or one sentence that says why not."""
    if not allowed.say_if_not("camera"):
        return
    if not in_page.runs_in_page(net):
        st.info(say("classify.live_too_large"), icon=":material/no_photography:")
        return
    live_camera(key="live-camera", net=in_page.asked(net, step), classes=classes_of(net.dataset))
