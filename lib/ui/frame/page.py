"""What every page has in common: one sentence on top, the run in view, the set-up in the address."""

from collections.abc import Mapping
from pathlib import Path

import streamlit as st
from streamlit.errors import StreamlitAPIException

from lib.datasets.own import own_sets
from lib.lessons.controls import CONTROLS
from lib.nets.brought import ID, brought_by, find_brought
from lib.nets.ready import ReadyNet, ready_net
from lib.runs import Run
from lib.runs.published import WeightsLost
from lib.runs.test_results import last_accuracy
from lib.ui.components.copy_link import copy_link
from lib.ui.components.run_pill import run_pill
from lib.ui.frame import brought, home_notes, lacking, projector
from lib.ui.net import missing
from lib.ui.net.inside import Net
from lib.ui.setup import level, session, spoken
from lib.ui.setup.controls import held
from lib.ui.words import say
from lib.ui.words.text import percent

READY = {"ready": "doodles", "ready-digits": "digits"}  # the nets that ship, by what `lib.nets.classify` calls them too
_FIRST = "ready"
_CHOSEN = "ready-net"  # the one that a session looks into, where no run is in view
_SEEN = "seen"  # the pages that a session has opened
_WORDMARK = Path(__file__).parent / "assets" / "wordmark.svg"
PAGES = Path(__file__).parents[3] / "pages"


def open_page(page: str, *, edits_setup: bool = False) -> None:
    """Settle what a page (its file's name) shows: the run and the set-up of its address. First call of every page."""
    spoken.follow()
    projector.follow()
    level.follow()
    title = say("frame.glasshouse", title=say(f"pages.{page}"))
    st.set_page_config(page_title=title, layout="wide")
    st.logo(_WORDMARK, size="medium", link=None)
    st.session_state[_SEEN] = [*dict.fromkeys([*st.session_state.get(_SEEN, []), page])]
    notices = session.read_address()
    session.write_address(with_setup=edits_setup)
    run = session.current_run()
    shown = {"id": session.stream_id(run), "name": run.name, "state": run.state} if run else None
    run_pill(run=shown, href=f"/train?run={run.id}" if run else "/train")
    copy_link(controls=CONTROLS if edits_setup else (), projector=projector.is_on(), on_projector=projector.switch)
    home_notes.show()
    asked = lacking.show() if edits_setup else None
    for notice in notices:
        if notice != asked:
            st.warning(notice, icon=":material/link_off:")


def was_seen(page: str) -> bool:
    """Whether this session has opened a page, by its file's name."""
    return page in st.session_state.get(_SEEN, [])


def head(title: str, sentence: str) -> None:
    """Write the page's name, and the one sentence that says what to do here."""
    with st.container(key="page-head", gap=None):
        st.title(title, anchor=False)
        st.markdown(sentence)


def link_to(page: str, label: str, icon: str) -> None:
    """Link to another page of the app, by its file's name; a plain link where a page runs alone, outside the router."""
    try:
        st.page_link(PAGES / f"{page}.py", label=label, icon=icon)
    except StreamlitAPIException:
        st.markdown(f"{icon} [{label}](/{page})")


def head_with_net(title: str, sentence: str, *, whole: bool = True) -> Net:
    """`head`, and beside it the net that the page looks into: the run in view, another one, or the ready net.

    Where its pictures are not here, how to get them is said below. whole: only a net whose weights are here will do;
    otherwise the page says itself what is missing
    """
    left, right = st.columns([0.7, 0.3], vertical_alignment="center")
    with left:
        head(title, sentence)
    with right:
        runs = {run.id: run for run in session.newest_runs(30)}
        shown = session.current_run()
        titles = {each.name: each.title for each in own_sets()}
        present = shown if shown and (shown.has_weights or not whole) else None
        names = {name: say("frame.ready_net", ready=say(f"frame.{what}")) for name, what in READY.items()}
        names |= {net.id: _name_of_brought(net, titles) for net in brought_by(session.owner())}
        for run_id in dict.fromkeys([*([present.id] if present else []), *runs]):
            names[run_id] = _name(runs.get(run_id, present), titles)
        st.session_state["net-choice"] = present.id if present else chosen_ready()
        held(
            st.selectbox,
            say("frame.net"),
            names,
            format_func=names.__getitem__,
            key="net-choice",
            label_visibility="collapsed",
            on_change=_choose_net,
        )
        if present is None and chosen_ready() not in READY:
            brought.offer_to_delete(ready(chosen_ready()))
    brought.say_what_came_of_it()
    if shown and not present:
        st.caption(say("frame.curves_were_kept", name=shown.name))
    net: Net = ready(chosen_ready()) if present is None else present
    if present is not None and whole and (lost := _weights_lost(present)):
        st.error(lost, icon=":material/error:")
        net = ready(chosen_ready())
    if net.has_weights:  # else there is nothing to ask about pictures
        missing.say_how_to_get(net, with_sheet=whole)
    return net


def _weights_lost(run: Run) -> str | None:
    """The sentence to say where the weights of a run cannot be read any more."""
    step = run.status()["step"]
    lost = run.has_weights and step > 0 and run.weights() is None
    return str(WeightsLost(run.name, step)) if lost else None


def ready(name: str) -> ReadyNet:
    """The net that ships under one of the names of `READY`, or one that this browser brought."""
    if name not in READY and (found := find_brought(name, session.owner())):
        return found
    return ready_net() if name == _FIRST else ready_net(READY.get(name, READY[_FIRST]))


def chosen_ready() -> str:
    """Which of the ready nets this session looks into."""
    chosen = st.session_state.get(_CHOSEN)
    return chosen if chosen in READY or (chosen and find_brought(chosen, session.owner())) else _FIRST


def choose_ready(name: str) -> None:
    """Look into another ready net, here and on the other pages."""
    st.session_state[_CHOSEN] = name


def _choose_net() -> None:
    chosen = st.session_state["net-choice"]
    came_trained = chosen in READY or chosen.startswith(ID)
    if came_trained:
        choose_ready(chosen)
    session.show_run(None if came_trained else session.find_run(chosen))


def _name_of_brought(net: ReadyNet, titles: Mapping[str, str]) -> str:
    data = net.config.data.name
    return say("frame.brought_net", name=net.name, data=titles.get(data, data))


def _name(run: Run | None, titles: Mapping[str, str]) -> str:
    """A run with its pictures, those of somebody's own by their title, and how well it does."""
    if run is None:
        return ""
    accuracy = last_accuracy(run)
    data = run.config.data.name
    return f"{run.name} · {titles.get(data, data)}" + ("" if accuracy is None else f" · {percent(accuracy)}")
