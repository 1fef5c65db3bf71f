"""The net that somebody brought from a file, where it is chosen: who brought it deletes it here, after a question."""

import streamlit as st

from lib.home import HomeFailure
from lib.nets.brought import delete_brought
from lib.nets.ready import ReadyNet
from lib.ui.frame.home_notes import failure_in_words
from lib.ui.setup import session
from lib.ui.words import say
from lib.ui.words.text import literal

_SAID = "brought-said"  # in the session: what came of the last wish to delete one, until it was said
_OPENED = "brought-delete"


def offer_to_delete(net: ReadyNet) -> None:
    """A question, and the button that answers it with yes."""
    name = literal(net.name)
    with st.popover(
        say("frame.delete_net"),
        icon=":material/delete:",
        type="tertiary",
        help=say("frame.delete_net_help", name=name),
        key=f"{_OPENED}-{net.id}",
    ):
        st.markdown(say("frame.delete_net_sure", name=name))
        st.button(
            say("frame.delete_net_yes"), type="primary", on_click=_delete, args=(net.id, name), key=f"yes-{net.id}"
        )


def say_what_came_of_it() -> None:
    """In the rerun after the answer, once."""
    if said := st.session_state.pop(_SAID, None):
        gone, sentence = said
        if gone:
            st.success(sentence, icon=":material/check:")
        else:
            st.error(sentence, icon=":material/error:")


def _delete(net_id: str, name: str) -> None:
    try:
        delete_brought(net_id, session.owner())
    except HomeFailure as failure:
        st.session_state[_SAID] = False, say("frame.net_stays", name=name, failure=failure_in_words(failure))
    else:
        st.session_state[_SAID] = True, say("frame.net_deleted", name=name)
