"""Data: what the pictures are, number by number, how they are labelled and split, and pictures of one's own."""

import streamlit as st

from lib.ui import state
from lib.ui.data_page import STYLE, colour, labels, own, pictures, split
from lib.ui.frame import head, open_page
from lib.ui.lesson.views import usual_view
from lib.ui.words import say

# Name -> what draws it; the address says it too.
_VIEWS = {
    "pictures": pictures.show,
    "labels": labels.show,
    "split": split.show,
    "colour": colour.show,
    "own": own.show,
}

open_page("Data", edits_setup=True)
head("Data", say("data.sentence"))
st.html(f"<style>{STYLE.read_text(encoding='utf-8')}</style>")
view = st.segmented_control(
    say("data.view"),
    list(_VIEWS),
    default=usual_view("data-view", "pictures"),
    format_func=lambda name: say(f"data.{name}"),
    key="data-view",
    bind="query-params",
    label_visibility="collapsed",
    required=True,
)
config = state.setup()
_VIEWS[view or "pictures"](config, state.dataset_info(config.data.name))
