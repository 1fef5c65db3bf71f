"""A set-up for pictures of somebody's own that are not here: the session and the address keep it until they are."""

from urllib.parse import parse_qsl, urlencode

import streamlit as st

from lib.config import RunConfig
from lib.datasets.travel import IS_OWN
from lib.ui.setup import address
from lib.ui.setup.link import from_link, to_link
from lib.ui.words import say

_ADDRESS = "waits"
_KEPT = "lacking"  # in the session


def wanted() -> RunConfig | None:
    """The set-up that waits, if one does."""
    kept = st.session_state.get(_KEPT)
    return RunConfig.model_validate_json(kept) if kept else None


def keep(config: RunConfig | None) -> None:
    """Keep a set-up until its pictures are here; None: do without it."""
    st.session_state.pop("notices", None)
    st.session_state[_KEPT] = config.model_dump_json() if config else None


def notice(config: RunConfig) -> str:
    """What pages say that cannot take the pictures."""
    return say("own.lacks_link", name=config.data.name)


def follow() -> None:
    """Take over the set-up that the address says to wait with: a reload brings it, and a link that was passed on."""
    said = st.query_params.get(_ADDRESS)
    if said and address.asked(_ADDRESS, said):
        config, _ = from_link(dict(parse_qsl(said)))
        if IS_OWN.fullmatch(config.data.name):
            keep(config)


def in_address() -> dict[str, str | None]:
    """The part of the address that says what waits."""
    config = wanted()
    return {_ADDRESS: urlencode(to_link(config), safe=",:") if config else None}
