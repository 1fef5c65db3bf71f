"""Data: what the pictures are, number by number, how they are labelled and split, and pictures of one's own."""

import streamlit as st

from lib.ui.data import STYLE, colour, labels, own, pictures, split
from lib.ui.frame.page import head, open_page
from lib.ui.lesson.views import choose_view
from lib.ui.setup import session
from lib.ui.words import in_all_languages, say

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
titles = {name: say(f"data.{name}") for name in _VIEWS}
known_as = {title: name for name in _VIEWS for title in in_all_languages(f"data.{name}")}
view = choose_view("data-view", titles, "pictures", say("data.view"), known_as)
config = session.setup()
_VIEWS[view](config, session.dataset_info(config.data.name))
