"""Classify: draw, upload or pick a picture, and see what the net makes of it and where it fails."""

from lib.ui.classify import many, picture, shift_lab, sureness
from lib.ui.frame.page import head_with_net, open_page
from lib.ui.lesson.views import choose_view
from lib.ui.words import say

# Name -> what draws it; the address says it too.
_VIEWS = {
    "picture": picture.show,
    "many": many.show,
    "sureness": sureness.show,
    "shift": shift_lab.show,
}

open_page("classify")
net = head_with_net(say("pages.classify"), say("pages.classify_says"))
view = choose_view("classify-view", {name: f"views.classify_{name}" for name in _VIEWS}, "picture")
_VIEWS[view](net)
