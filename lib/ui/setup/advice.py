"""What brought a person to Train with a changed set-up: one sentence, for as long as that set-up stands untried."""

import streamlit as st

from lib.ui import words
from lib.ui.setup import session

_KEY = "advice"


def note(sentence: str) -> None:
    """Keep a sentence about the set-up as it is now."""
    st.session_state[_KEY] = {"sentence": sentence, "setup": session.setup().model_dump_json()}


def say() -> None:
    """Write the sentence, until the set-up is changed again or a run has it."""
    advice = st.session_state.get(_KEY)
    if advice is None:
        return
    run = session.current_run()
    tried = run is not None and run.config == session.setup() and session.is_mine(run)
    if tried or advice["setup"] != session.setup().model_dump_json():
        del st.session_state[_KEY]
        return
    with st.container(key="advice"):
        st.info(words.say("setup.advice", sentence=advice["sentence"]), icon=":material/experiment:")
