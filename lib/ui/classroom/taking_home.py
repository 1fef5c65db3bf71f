"""Take home, and clear away: one file with all that the class made; then it is wiped, and said what stays."""

import asyncio
from datetime import date

import streamlit as st
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from lib.classroom import Room, the_room
from lib.classroom.taking_home import runs_of, zip_of
from lib.runs import get_registry
from lib.ui.classroom.callers import teacher_in
from lib.ui.components.class_wishes import button, class_wishes
from lib.ui.words import say

ADDRESS = "/api/classroom/take_home"


def show(room: Room, token: str) -> None:
    """What there is, the file, and the end of the class."""
    runs = sum(len(runs_of(student, get_registry())) for student in room.students)
    st.markdown(say("class_desk.home_says"))
    st.markdown(say("class_desk.home_there", students=len(room.students), runs=runs,
                    questions=len(room.asking.questions), moments=len(room.showing.shelf)))  # fmt: skip
    st.link_button(say("class_desk.home_take"), ADDRESS, icon=":material/download:")
    st.markdown(f"**{say('class_desk.wipe')}**")
    st.markdown(say("class_desk.wipe_says"))
    acts = [button(say("class_desk.wipe_do"), "wipe", look="grave", sure=say("class_desk.wipe_sure"))]
    class_wishes(key="class-wipe", token=token, buttons=acts, label=say("class_desk.wipe"))


async def take_home(request: Request) -> Response:
    """The zip, for a teacher alone; it changes nothing, so a link may ask for it."""
    room = the_room()
    if room is None or await asyncio.to_thread(teacher_in, request.cookies) is None:
        return JSONResponse({"error": "not_yours"}, 403)
    content = await asyncio.to_thread(zip_of, room, get_registry())
    name = f"glasshouse-class-{date.today().isoformat()}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, media_type="application/zip", headers=headers)
