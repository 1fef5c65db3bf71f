"""Compare: curves of several runs over each other, experiments with a verdict, learning rates and sweeps."""

from pathlib import Path

import streamlit as st

from lib.ui.compare import experiments, finder, runs, sweep
from lib.ui.frame.page import head, open_page
from lib.ui.lesson.views import choose_view

# Name -> title (the address says it too), and what draws it.
_VIEWS = {
    "runs": ("Runs", runs.show),
    "experiments": ("Experiments", experiments.show),
    "finder": ("Find a rate", finder.show),
    "sweep": ("Sweep", sweep.show),
}
_STYLE = Path(experiments.__file__).with_name("compare.css")

open_page("Compare")
st.html(f"<style>{_STYLE.read_text(encoding='utf-8')}</style>")
head("Compare", "Lay the curves of several runs over each other, or let an experiment answer a question.")
view = choose_view("compare-view", {name: title for name, (title, _) in _VIEWS.items()}, "experiments")
_VIEWS[view][1]()
