"""Together: what a class has only as a class."""

from collections.abc import Callable

import streamlit as st

from lib.classroom import Room
from lib.ui.classroom import leaderboard, pictures, votes

PARTS: dict[str, Callable[[Room, str], None]] = {
    "vote": votes.show, "leaderboard": leaderboard.show, "pictures": pictures.show,
}  # fmt: skip


def show(room: Room, token: str) -> None:
    """One part below the other."""
    for draw in PARTS.values():
        with st.container(gap="small"):
            draw(room, token)
