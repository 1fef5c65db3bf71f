"""The projector: where the class is, so large that it is read from the back of the room."""

import html
from pathlib import Path

import streamlit as st

from lib.classroom import Room
from lib.classroom.invitation import Invitation, the_invitation
from lib.classroom.large_type import qr_picture
from lib.ui.words import say

_STYLE = Path(__file__).with_name("projector.css")
_AGAIN_SECONDS = 1.5
_MOST_NAMES = 60


def show(room: Room) -> None:
    """Address, QR code, code, and who is in already."""
    invitation = the_invitation()
    st.html(f"<style>{_STYLE.read_text(encoding='utf-8')}</style>")
    if invitation is not None:
        st.html(_where(invitation, room.code))
    st.fragment(_who, run_every=_AGAIN_SECONDS)(room)


def _where(invitation: Invitation, code: str) -> str:
    shown = invitation.base().removeprefix("http://")
    others = ", ".join(invitation.base(each) for each in invitation.addresses[1:4])
    note = say("classroom.projector_no_network") if not invitation.addresses else ""
    note = say("classroom.projector_others", others=others) if others else note
    picture = qr_picture(invitation.join_link(code))
    return (
        f'<div class="gh-projector" data-testid="projector"><div><p>{say("classroom.projector_type")}</p>'
        f'<p class="address">{html.escape(shown)}/classroom</p><p>{say("classroom.projector_code")}</p>'
        f'<p class="code" data-testid="projector-code">{code}</p><p class="others">{html.escape(note)}</p></div>'
        f'<img alt="{html.escape(invitation.join_link(code))}" src="data:image/png;base64,{picture}"></div>'
    )


def _who(room: Room) -> None:
    names = [student.name for student in room.students if student.state == "in"]
    count = say("classroom.projector_in", count=len(names)) if names else say("classroom.projector_nobody")
    door = f" · {say('classroom.projector_closed')}" if room.door == "closed" else ""
    listed = "".join(f"<li><bdi>{html.escape(name)}</bdi></li>" for name in names[-_MOST_NAMES:])
    st.html(f'<div class="gh-who" data-testid="projector-who"><b>{count}{door}</b><ul>{listed}</ul></div>')
