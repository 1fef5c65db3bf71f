"""Diagnose: what the net confuses, how far it can be trusted, and what the doctor would try."""

from lib.ui.diagnose import doctor, gap, mistakes, projection
from lib.ui.frame.page import head_with_net, open_page
from lib.ui.lesson.views import choose_view
from lib.ui.words import say

# Name -> what draws it; the address says it too.
_VIEWS = {
    "mistakes": mistakes.show,
    "gap": gap.show,
    "projection": projection.show,
    "doctor": doctor.show,
}

open_page("diagnose")
net = head_with_net(say("pages.diagnose"), say("pages.diagnose_says"), whole=False)
view = choose_view("diagnose-view", {name: f"views.diagnose_{name}" for name in _VIEWS}, "mistakes")
_VIEWS[view](net)
