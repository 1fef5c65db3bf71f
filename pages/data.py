"""Data: what the pictures are, number by number, how they are labelled and split, and pictures of one's own."""

from lib.ui.data import colour, labels, own, pictures, split
from lib.ui.frame.page import head, open_page
from lib.ui.lesson.views import choose_view
from lib.ui.setup import session
from lib.ui.words import say

# Name -> what draws it; the address says it too.
_VIEWS = {
    "pictures": pictures.show,
    "labels": labels.show,
    "split": split.show,
    "colour": colour.show,
    "own": own.show,
}

open_page("data", edits_setup=True)
head(say("pages.data"), say("data.sentence"))
view = choose_view("data-view", {name: f"data.{name}" for name in _VIEWS}, "pictures")
config = session.setup()
_VIEWS[view](config, session.dataset_info(config.data.name))
