"""Labels: the same class as a name, an integer and a one-hot vector."""

import streamlit as st

from lib.config import RunConfig
from lib.datasets import DatasetInfo
from lib.ui.components.label_codes import label_codes
from lib.ui.frame.page import link_to
from lib.ui.setup.controls import held
from lib.ui.words import for_browser, say
from lib.ui.words.field import classes_of, title_of
from lib.ui.words.text import literal

_EXAMPLE, _SET = "example", "set"


def show(config: RunConfig, info: DatasetInfo) -> None:  # noqa: ARG001  (every view is called alike)
    """The three ways to write a label, each leading to the others."""
    titles = {_EXAMPLE: say("data.three_classes"), _SET: literal(title_of(info))}
    chosen = held(
        st.segmented_control,
        say("data.codes_of"),
        titles,
        first=_EXAMPLE,
        format_func=titles.__getitem__,
        key="data-codes",
        required=True,
        label_visibility="collapsed",
    )
    classes = classes_of(info) if chosen == _SET else tuple(say(f"data.{name}") for name in ("cat", "dog", "other"))
    with st.container(key="stack-labels"):
        left, right = st.columns([0.6, 0.4], gap="large")
    with left:
        label_codes(key="data-label-codes", words=for_browser("data"), classes=classes)
    with right, st.container(border=True, key="data-codes-why", gap="small"):
        st.markdown(f"**{say('data.codes_title')}**")
        for name in ("codes_integer", "codes_one_hot", "codes_loss"):
            st.markdown(say(f"data.{name}"))
        link_to("learn", say("data.to_loss"), ":material/arrow_forward:")
