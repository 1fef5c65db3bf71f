"""Classify: draw, upload or pick a picture, and see what the net makes of it and where it fails."""

from lib.ui.classify import many, picture, shift_lab, sureness
from lib.ui.frame.page import head_with_net, open_page
from lib.ui.lesson.views import choose_view

# Name -> title (the address says it too), and what draws it.
_VIEWS = {
    "picture": ("Your picture", picture.show),
    "many": ("Many pictures", many.show),
    "sureness": ("How sure?", sureness.show),
    "shift": ("Shift Lab", shift_lab.show),
}

open_page("Classify")
net = head_with_net("Classify", "Draw or upload a picture and see what the net makes of it.")
view = choose_view("classify-view", {name: title for name, (title, _) in _VIEWS.items()}, "picture")
_VIEWS[view][1](net)
