"""Look inside: follow one picture through every layer of the net, also while it trains."""

from lib.ui.frame.page import head_with_net, open_page
from lib.ui.lesson.views import choose_view
from lib.ui.look_inside import backwards, filter_bench, maps, matters, surgery
from lib.ui.words import say

# Name -> what draws it; the address says it too.
_VIEWS = {
    "maps": maps.show,
    "bench": filter_bench.show,
    "matters": matters.show,
    "surgery": surgery.show,
    "backwards": backwards.show,
}

open_page("look_inside")
net = head_with_net(say("pages.look_inside"), say("pages.look_inside_says"))
view = choose_view("view", {name: f"views.look_inside_{name}" for name in _VIEWS}, "maps")
_VIEWS[view](net)
