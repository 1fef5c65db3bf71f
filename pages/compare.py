"""Compare: curves of several runs over each other, experiments with a verdict, learning rates and sweeps."""

from lib.ui.compare import experiments, finder, runs, sweep
from lib.ui.frame.page import head, open_page
from lib.ui.lesson.views import choose_view
from lib.ui.words import say

# Name -> what draws it; the address says it too.
_VIEWS = {
    "runs": runs.show,
    "experiments": experiments.show,
    "finder": finder.show,
    "sweep": sweep.show,
}

open_page("compare")
head(say("pages.compare"), say("pages.compare_says"))
view = choose_view("compare-view", {name: f"views.compare_{name}" for name in _VIEWS}, "experiments")
_VIEWS[view]()
