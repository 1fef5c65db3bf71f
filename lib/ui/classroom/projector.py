"""The projector: where the class is, or what the teacher shows, so large that it is read from the back of the room."""

import html
from pathlib import Path

import streamlit as st

from lib.classroom import Room
from lib.classroom.invitation import Invitation, the_invitation
from lib.classroom.large_type import qr_picture
from lib.runs import get_registry
from lib.ui.classroom import asking, leaderboard, projected, votes
from lib.ui.words import say

_STYLES = [Path(__file__).with_name(name) for name in ("projector.css", "answers.css", "votes.css")]
_AGAIN_SECONDS = 1.0
_MOST_NAMES = 60


def show(room: Room) -> None:
    """What the teacher has turned it to; it follows by itself."""
    st.html(f"<style>{''.join(each.read_text(encoding='utf-8') for each in _STYLES)}</style>")
    st.fragment(_screen, run_every=_AGAIN_SECONDS)(room)


def _screen(room: Room) -> None:
    if room.stopped is not None:
        st.html(projected.sentence(room.stopped or say("class_bar.stopped")))
        return
    match room.showing.screen:
        case "runs" | "moment":
            st.html(projected.runs(room.showing.runs(get_registry()), room.showing.caption()))
        case "question" if (asked := asking.settled(room)) is not None:
            st.html(asking.bars(asked, large=True))
        case "votes":
            st.html(votes.projected(room))
        case "leaderboard":
            st.html(leaderboard.projected(room))
        case _:
            invitation = the_invitation()
            where = _where(invitation, room.code) if invitation is not None else ""
            st.html(f"{where}{_who(room)}")


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


def _who(room: Room) -> str:
    names = [student.name for student in room.students if student.state == "in"]
    count = say("classroom.projector_in", count=len(names)) if names else say("classroom.projector_nobody")
    door = f" · {say('classroom.projector_closed')}" if room.door == "closed" else ""
    listed = "".join(f"<li><bdi>{html.escape(name)}</bdi></li>" for name in names[-_MOST_NAMES:])
    return f'<div class="gh-who" data-testid="projector-who"><b>{count}{door}</b><ul>{listed}</ul></div>'
