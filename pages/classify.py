"""Classify: draw, upload or pick a picture, and see what the net makes of it."""

from lib.ui.classify import picture
from lib.ui.frame import head_with_net, open_page

open_page("Classify")
picture.show(head_with_net("Classify", "Draw or upload a picture and see what the net makes of it."))
