"""Look inside: follow one picture through every layer of the net, also while it trains."""

from lib.ui.frame.page import head_with_net, open_page
from lib.ui.lesson.views import choose_view
from lib.ui.look_inside import backwards, filter_bench, maps, matters, surgery

# Name -> title (the address says it too), and what draws it.
_VIEWS = {
    "maps": ("Feature maps", maps.show),
    "bench": ("Filter bench", filter_bench.show),
    "matters": ("What matters", matters.show),
    "surgery": ("Surgery", surgery.show),
    "backwards": ("Backwards", backwards.show),
}

open_page("Look inside")
net = head_with_net("Look inside", "Follow one picture through every layer, while the net learns or afterwards.")
view = choose_view("view", {name: title for name, (title, _) in _VIEWS.items()}, "maps")
_VIEWS[view][1](net)
