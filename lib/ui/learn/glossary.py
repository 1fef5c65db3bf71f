"""Words of the field to look up, each with the place where it can be touched."""

import streamlit as st

from lib.ui.learn.leads import Lead, link
from lib.ui.setup.controls import held
from lib.ui.words import DEFAULT, language, say, words_of

_BENCH = {"view": "Filter bench"}

# Term -> page and what its address adds, as in `Lead`; a section of Learn, or where it happens for real.
PLACES: dict[str, tuple[str, dict[str, str]]] = {
    "accuracy": ("learn", {"section": "loss"}),
    "activation": ("learn", {"section": "neurons"}),
    "backpropagation": ("look_inside", {"view": "Backwards"}),
    "batch": ("learn", {"section": "iteration"}),
    "bias": ("learn", {"section": "neurons"}),
    "class_": ("data", {}),
    "cnn": ("compare", {}),
    "convolution": ("look_inside", _BENCH | {"kernel": "blur"}),
    "cross_entropy": ("learn", {"section": "loss"}),
    "dense": ("learn", {"section": "neurons"}),
    "epoch": ("train", {}),
    "feature_map": ("look_inside", {"view": "Feature maps"}),
    "filter": ("look_inside", _BENCH | {"kernel": "vertical"}),
    "flatten": ("learn", {"section": "cost"}),
    "forward": ("look_inside", {"view": "Feature maps"}),
    "gradient": ("learn", {"section": "iteration"}),
    "gradient_descent": ("learn", {"section": "descent"}),
    "hyperparameter": ("learn", {"section": "descent"}),
    "iteration": ("learn", {"section": "iteration"}),
    "label": ("learn", {"section": "loss"}),
    "learning_rate": ("learn", {"section": "descent"}),
    "local_minimum": ("learn", {"section": "descent"}),
    "loss": ("learn", {"section": "loss"}),
    "momentum": ("learn", {"section": "descent"}),
    "mse": ("learn", {"section": "loss"}),
    "neuron": ("learn", {"section": "neurons"}),
    "one_hot": ("data", {}),
    "optimizer": ("train", {}),
    "overfitting": ("diagnose", {}),
    "padding": ("look_inside", _BENCH | {"kernel": "blur"}),
    "parameter": ("learn", {"section": "neurons"}),
    "pooling": ("look_inside", _BENCH | {"kernel": "vertical", "pooling": "both"}),
    "relu": ("learn", {"section": "neurons"}),
    "sigmoid": ("learn", {"section": "neurons"}),
    "softmax": ("learn", {"section": "neurons"}),
    "stride": ("look_inside", _BENCH | {"kernel": "vertical"}),
    "supervised": ("learn", {"section": "clusters"}),
    "test_pictures": ("diagnose", {}),
    "validation": ("train", {}),
    "weight": ("learn", {"section": "neurons"}),
}
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
            link(Lead(page, "glossary.see", query), place=_place(page, query))


def name_of_term(term: str) -> str:
    """The word in this language, with the English one where they differ, so that either finds it."""
    own, english = say(f"glossary.{term}"), words_of(DEFAULT)[f"glossary.{term}"]
    return own if own.casefold() == english.casefold() else f"{own} ({english})"


def _place(page: str, query: dict[str, str]) -> str:
    return say(f"learn.{query['section']}") if "section" in query else query.get("view", _title(page))


def _title(page: str) -> str:
    return page.replace("_", " ").capitalize()
