"""From a picture or a finding on Diagnose to the page where something can be done with it."""

import streamlit as st

from lib.ui.frame.going import open_page_of
from lib.ui.net import inside


def lead_to(page: str) -> None:
    """Open another page, with the run in view and the lesson that is under way."""
    # Never a bare `st.switch_page`: it refuses to clear an address that names the view.
    open_page_of(page, "diagnose")


def lead_to_picture(net: inside.Net, place: int | None) -> None:
    """Open the test picture at `place` in Look inside; nothing for None."""
    if place is None:
        return
    data = net.dataset
    label = int(data.test.labels[place])
    number = int((data.test.labels[:place] == label).sum())
    st.session_state[f"sample-class-{data.name}"] = label
    st.session_state["sample"] = number
    st.session_state["picture-source-sample"] = "sample"
    lead_to("look_inside")
