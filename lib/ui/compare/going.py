"""An experiment under way or done: progress and Cancel, then the verdict in their place; and deleting it."""

import re
import time
from collections.abc import Callable, Collection
from html import escape

import streamlit as st

from lib.experiments import Coordinator, Experiment
from lib.ui.compare import address
from lib.ui.compare.names import panel_names
from lib.ui.setup import allowed, session
from lib.ui.words import say, text
from lib.ui.words.telling import sentences, tell

_MOST_EARLIER = 5


def card(coordinator: Coordinator, experiment: Experiment, question: str) -> None:
    """The question, and below it how far the experiment is or what it showed."""
    with st.container(border=True, key="verdict-card", gap="xsmall"):
        st.markdown(f"**{question}**")
        if experiment.has_ended:
            names = panel_names(experiment.kind, experiment.members)
            said = (
                sentences(experiment.verdict.sentence, names) if experiment.verdict else tell(experiment.message or "")
            )
            st.html(f'<div class="gh-says" data-testid="verdict-sentence">{_kept_together(said)}</div>')
        else:
            _progress(coordinator, experiment)


def quiet_card(question: str, says: str) -> None:
    """The same card before there is an experiment."""
    with st.container(border=True, key="verdict-card", gap="xsmall"):
        st.markdown(f"**{question}**")
        st.html(f'<div class="gh-says quiet">{escape(says)}</div>')


def earlier(
    coordinator: Coordinator,
    shown: Experiment | None,
    name: str,
    kinds: Collection[str],
    title: Callable[[Experiment], str],
) -> None:
    """Links to the newest others of these kinds, and below them the deletion of the one shown.

    name: of such an experiment, in words and in the address; title: of one in the list
    """
    others = [each for each in coordinator.newest(30) if each.kind in kinds and each != shown and visible(each)]
    with st.container(gap=None, key="earlier"):
        if others:
            st.caption(say(f"compare.earlier_{name}"))
        for each in others[:_MOST_EARLIER]:
            whose = "" if each.owner == session.owner() else say("compare.another_browser_s")
            when = (
                say("compare.ago", when=text.duration(max(time.time() - each.created, 1.0)))
                if each.has_ended
                else say("compare.still_going")
            )
            label = f"{title(each)} · {when}{whose}"
            st.button(label, key=f"open-{name}-{each.id}", type="tertiary", on_click=address.show, args=(name, each.id))
    if shown is not None:
        _offer_deletion(coordinator, shown, name)


def visible(experiment: Experiment | None) -> Experiment | None:
    """The experiment, unless it is about pictures that somebody else keeps to themselves."""
    known = experiment and all(session.may_use(data) for data in {each.config.data.name for each in experiment.members})
    return experiment if known else None


def _offer_deletion(coordinator: Coordinator, experiment: Experiment, name: str) -> None:
    """Delete one's own experiment that has ended, after a second press."""
    if not experiment.has_ended or experiment.owner != session.owner():
        return
    with st.popover(say(f"compare.delete_{name}"), type="tertiary", icon=":material/delete:"):
        st.markdown(say("compare.runs_their_curves", members=len(experiment.members)))
        st.button(say("compare.delete_good"), on_click=_delete, args=(coordinator, experiment.id, name), type="primary")


def _kept_together(sentence: str) -> str:
    """The sentence as HTML, no line breaking between a number and its unit."""
    return escape(re.sub(r"(?<=\d) (?=%|s\b|[pP]\w*nt\w*)", "\u00a0", sentence))


def _progress(coordinator: Coordinator, experiment: Experiment) -> None:
    progress = coordinator.progress(experiment.id)
    left = (
        ""
        if progress.seconds_left is None
        else say("compare.about_left", seconds_left=text.duration(max(progress.seconds_left, 1.0)))
    )
    said = (
        tell(experiment.message)
        if experiment.message
        else say("compare.runs_done", done=progress.done, total=progress.total, left=left)
    )
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.progress(min(progress.share, 1.0), said)
        if experiment.owner == session.owner():
            st.button(
                say("compare.cancel"), key="cancel-experiment", on_click=_cancel, args=(coordinator, experiment.id)
            )


def _cancel(coordinator: Coordinator, experiment_id: str) -> None:
    coordinator.cancel(experiment_id, session.owner())
    coordinator.wait(experiment_id, 2.0)


def _delete(coordinator: Coordinator, experiment_id: str, name: str) -> None:
    if not allowed.may("deleting"):
        return
    coordinator.delete(experiment_id, session.owner())
    address.show(name, None)
