"""Coming in, and a student's own place: her name, and who she is not."""

from typing import Any

import streamlit as st

from lib.classroom import Refused, Room, Student
from lib.ui.classroom import leaderboard, pictures
from lib.ui.classroom.callers import student_here, token_of
from lib.ui.components.class_leave import class_leave
from lib.ui.frame.page import head, link_to
from lib.ui.setup.controls import held
from lib.ui.words import say
from lib.ui.words.text import literal

_CODE = "code"  # in the address of the QR code
_SAID, _TRIED = "class-said", "class-tried"
_AGAIN_SECONDS = 2.0
_NEXT = (("train", ":material/play_arrow:"), ("learn", ":material/school:"), ("classify", ":material/draw:"))


def show(room: Room) -> None:
    """The door for who is outside, a place for who is in."""
    owner = student_here()
    code = st.query_params.get(_CODE)
    if code is not None and owner and room.student(owner) is None and st.session_state.get(_TRIED) != code:
        st.session_state[_TRIED] = code  # once: a wrong one is not tried again with every rerun
        _wish(room.join, owner, code, _address())
        if room.student(owner) is not None:
            st.rerun()  # so that the bar is there
    found = room.student(owner) if owner else None
    match found.state if found else None:
        case "in":
            assert found is not None
            _place(room, found)
        case "waiting":
            assert found is not None
            head(say("classroom.title"), say("classroom.waiting_head"))
            st.markdown(say("classroom.waiting", name=literal(found.name)))
            st.fragment(_wait, run_every=_AGAIN_SECONDS)(room, found.owner)
        case "removed":
            head(say("classroom.title"), say("classroom.removed_head"))
            st.markdown(say("classroom.removed"))
            _leave_button(literal(found.name) if found else "")
        case _:
            _door(room, owner)


def _door(room: Room, owner: str | None) -> None:
    head(say("classroom.title"), say("classroom.join_head"))
    with st.container(key="class-door", width=420, gap="small"):
        if owner is None:
            st.warning(say("classroom.refused_no_cookie"), icon=":material/cookie:")
            return
        st.session_state.setdefault("class-code", st.query_params.get(_CODE, "")[:12])
        held(
            st.text_input,
            say("classroom.code"),
            key="class-code",
            placeholder=say("classroom.code_example"),
            max_chars=12,
            on_change=_join,
            args=(room, owner),
        )
        st.button(say("classroom.join"), type="primary", on_click=_join, args=(room, owner), key="class-join")
        _tell()


def _place(room: Room, student: Student) -> None:
    head(say("classroom.title"), say("classroom.in_head"))
    with st.container(key="class-place", width=640, gap="small"):
        st.markdown(f"## {say('classroom.you_are', name=literal(student.name))}")
        st.markdown(say("classroom.what_next"))
        with st.container(horizontal=True, gap="medium"):
            for page, icon in _NEXT:
                link_to(page, say(f"pages.{page}"), icon)
        _tell()
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            held(
                st.text_input,
                say("classroom.rename"),
                key="class-name",
                first=student.name,
                max_chars=200,
                help=say("classroom.rename_help"),
                on_change=_rename,
                args=(room, student.owner),
            )
            st.button(say("classroom.rename_do"), on_click=_rename, args=(room, student.owner), key="class-rename")
        _leave_button(literal(student.name))
    leaderboard.take_part(room, student)
    pictures.add(room, student)


def _leave_button(name: str) -> None:
    token = token_of(st.context.cookies, teacher=False)
    class_leave(
        label=say("classroom.somebody_else"), explains=say("classroom.somebody_else_help", name=name), token=token
    )


def _wait(room: Room, owner: str) -> None:
    room.seen(owner, active=False)
    student = room.student(owner)
    if student is None or student.state != "waiting":
        st.rerun()


def _join(room: Room, owner: str) -> None:
    _wish(room.join, owner, st.session_state["class-code"], _address())


def _rename(room: Room, owner: str) -> None:
    before = room.student(owner)
    wanted = st.session_state["class-name"]
    if before is not None and wanted == before.name:
        return
    renamed = _wish(room.rename, owner, wanted)
    if renamed is not None:
        st.session_state["class-name"] = renamed.name
        st.session_state[_SAID] = ("good", say("classroom.renamed", name=literal(renamed.name)))


def _wish(do: Any, *what: Any) -> Any:
    try:
        return do(*what)
    except Refused as refused:
        values = {name: literal(value) if isinstance(value, str) else value for name, value in refused.values.items()}
        st.session_state[_SAID] = ("bad", say(f"classroom.refused_{refused.code}", **values))
        return None


def _tell() -> None:
    kind, sentence = st.session_state.pop(_SAID, ("", ""))
    if kind == "bad":
        st.warning(sentence, icon=":material/info:")
    elif kind == "good":
        st.success(sentence, icon=":material/check:")


def _address() -> str:
    return st.context.ip_address or "here"
