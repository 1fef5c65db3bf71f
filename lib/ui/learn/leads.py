"""Where an idea happens for real: links from a section of Learn into the dashboard."""

from collections.abc import Mapping
from typing import NamedTuple

import streamlit as st
from streamlit.errors import StreamlitAPIException

from lib.ui.frame.page import PAGES
from lib.ui.net.inside import Net
from lib.ui.words import say


class Lead(NamedTuple):
    """A link: the page's file name, the word that says what is there, and what the address adds."""

    page: str
    word: str
    query: Mapping[str, str] = {}


def leads_to(*leads: Lead) -> None:
    """Write a row of links under a section."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"leads-{leads[0].word}"):
        st.caption(say("learn.for_real"), width="content")
        for lead in leads:
            link(lead)


def link(lead: Lead, **values: str) -> None:
    """Write one link, its word with `values`; a plain one where a page runs alone, outside the router."""
    if not (PAGES / f"{lead.page}.py").exists():
        return
    label = say(lead.word, **values)
    try:
        st.page_link(
            PAGES / f"{lead.page}.py", label=label, query_params=dict(lead.query), icon=":material/arrow_outward:"
        )
    except StreamlitAPIException:
        query = "&".join(f"{name}={value}".replace(" ", "+") for name, value in lead.query.items())
        st.markdown(f"[{label}](/{lead.page}{'?' if query else ''}{query})", width="content")


def name_of(net: Net) -> str:
    """What a net is called in a sentence."""
    return say("learn.ready_net") if net.came_trained else net.name
