"""Words of the field to look up, each with the place where it can be touched."""

import streamlit as st

from lib.ui.learn.leads import Lead, link
from lib.ui.learn.places import PLACES, name_of_term, place_key
from lib.ui.setup.controls import held
from lib.ui.words import language, say

_FIRST = "neuron"


@st.fragment
def look_up() -> None:
    """Let the person look up a word, and lead to where it can be touched."""
    with st.container(border=True, key="glossary"):
        terms = sorted(PLACES, key=lambda term: name_of_term(term).casefold())
        left, right = st.columns([0.32, 0.68], gap="medium")
        with left:
            term = held(
                st.selectbox,
                f"**{say('glossary.title')}**",
                terms,
                first=_FIRST,
                format_func=name_of_term,
                key=f"glossary-term-{language()}",
            )
            st.caption(say("glossary.hint", count=len(terms)))
        with right:
            st.markdown(say(f"glossary.{term}_is"))
            page, query = PLACES[term]
            link(Lead(page, "glossary.see", query), place=say(place_key(term)))
