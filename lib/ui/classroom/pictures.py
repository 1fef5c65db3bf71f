"""The class's pictures: a student adds what she drew or photographed, the teacher looks at each and lets it in."""

import base64
import html
from collections.abc import Sequence
from math import ceil

import streamlit as st
from PIL import Image

from lib.classroom import Refused, Room, Student
from lib.classroom.gathering import MOST_EACH, Picture
from lib.datasets import UnsafeImage, load_image
from lib.pictures.load import load_drawing
from lib.ui.components.canvas import SIDE, canvas
from lib.ui.components.class_wishes import button, class_wishes
from lib.ui.net.inside import SHEET
from lib.ui.serve import uploads
from lib.ui.setup import allowed, session
from lib.ui.setup.controls import held
from lib.ui.words import say
from lib.ui.words.field import classes_of, title_of
from lib.ui.words.text import literal

_AT_ONCE, _IN_A_ROW = 12, 6  # pictures that wait on the desk
_MOST_MB = 5
_SOURCES = ("draw", "upload")


def show(room: Room, token: str) -> None:
    """Begin and end, let in what came, and take out what should not have come."""
    st.markdown(f"**{say('class_together.pictures')}**")
    st.markdown(say("class_together.pictures_says"))
    gathered, waiting = room.gathering, room.gathering.waiting()
    there = sum(each.let_in for each in gathered.all)
    if gathered.data is None:
        about = session.dataset_info(session.setup().data.name)
        acts = [button(say("class_together.gather", data=title_of(about)), "gather", look="primary", data=about.name)]
    else:
        title = title_of(session.dataset_info(gathered.data))
        st.caption(say("class_together.gathering", data=literal(title), count=there, waiting=len(waiting)))
        acts = [button(say("class_together.gather_end"), "gather", data="")]
    if waiting:
        acts.append(button(say("class_together.let_all_in", count=len(waiting)), "let_pictures_in", look="primary"))
    class_wishes(key="class-gather", token=token, buttons=acts, label=say("class_together.pictures"))
    _rows(room, waiting[:_AT_ONCE], token)
    if len(waiting) > _AT_ONCE:
        st.caption(say("class_together.more_waiting", count=len(waiting) - _AT_ONCE))
    _let_in(room, [each for each in gathered.all if each.let_in], token)


def _let_in(room: Room, there: Sequence[Picture], token: str) -> None:
    """What counts by now, the newest first, a page at a time: each can be taken out again."""
    if not there:
        return
    pages = ceil(len(there) / _AT_ONCE)
    st.markdown(f"**{say('class_together.are_in', count=len(there))}**")
    page = 1
    if pages > 1:
        page = held(st.number_input, say("class_together.page_of", pages=pages), key=f"class-pictures-page-{pages}",
                    first=1, min_value=1, max_value=pages, step=1, width=160)  # fmt: skip
    _rows(room, there[::-1][(page - 1) * _AT_ONCE : page * _AT_ONCE], token)


def _rows(room: Room, pictures: Sequence[Picture], token: str) -> None:
    for start in range(0, len(pictures), _IN_A_ROW):
        row = pictures[start : start + _IN_A_ROW]
        for place, picture in zip(st.columns(_IN_A_ROW), row, strict=False):
            with place, st.container(key=f"gathered-{picture.key}", gap="small"):
                _one(room, picture, token)


def _one(room: Room, picture: Picture, token: str) -> None:
    label = classes_of(session.dataset_info(picture.data))[picture.label]
    who = next((student.name for student in room.students if student.key == picture.student), "–")
    content = base64.b64encode(room.gathering.bytes_of(picture) or b"").decode()
    st.html(
        f'<figure style="margin:0" data-testid="gathered"><img alt="{html.escape(label)}" style="width:100%;'
        f'max-width:140px;border-radius:6px" src="data:image/png;base64,{content}"><figcaption><b>{html.escape(label)}'
        f"</b> · <bdi>{html.escape(who)}</bdi></figcaption></figure>"
    )
    turn = button(say("class_together.let_in"), "let_picture_in", key=picture.key)
    if picture.let_in:
        turn = button(say("class_together.take_out"), "take_picture_out", key=picture.key)
    acts = [turn, button(say("class_together.throw_away"), "throw_picture_away", look="grave", key=picture.key)]
    class_wishes(key=f"class-picture-{picture.key}", token=token, buttons=acts, label=label)


def add(room: Room, student: Student) -> None:
    """Where a student adds hers, while the class gathers (see `bar.depends_on`)."""
    data = room.gathering.data
    if data is None:
        return
    classes = classes_of(session.dataset_info(data))
    with st.container(key="class-add", width=640, gap="small"):
        st.markdown(f"### {say('class_together.pictures')}")
        st.markdown(say("class_together.add_says"))
        source = held(
            st.segmented_control, say("class_together.add_from"), _SOURCES, key="class-add-from", first="draw",
            format_func=lambda name: say(f"class_together.from_{name}"), label_visibility="collapsed", required=True,
        )  # fmt: skip
        image = _drawn(classes) if source == "draw" else _uploaded()
        label = held(st.selectbox, say("class_together.add_class"), range(len(classes)), key="class-add-class",
                     format_func=lambda index: literal(classes[index]))  # fmt: skip
        st.button(say("class_together.add_do"), type="primary", key="class-add-do", disabled=image is None,
                  on_click=_add, args=(room, student, image, label))  # fmt: skip
        if (refusal := st.session_state.pop("class-added", None)) is not None:
            if refusal:
                st.warning(refusal, icon=":material/info:")
            else:
                st.success(say("class_together.added"), icon=":material/check:")
        st.caption(say("class_together.added_so_far", count=len(room.gathering.added_by(student)), most=MOST_EACH))


def _add(room: Room, student: Student, image: Image.Image, label: int) -> None:
    try:
        room.gathering.add(room.somebody_in(student.owner), image, label)
        st.session_state["class-added"] = ""
    except Refused as refused:
        st.session_state["class-added"] = _refusal(refused)


def _drawn(classes: tuple[str, ...]) -> Image.Image | None:
    """What is on the sheet of Classify, which is the same one here."""
    png = canvas(key=SHEET, label=say("net.draw_one", classes=", ".join(classes))).drawing["png"]
    try:
        return load_drawing(png, SIDE) if png else None
    except UnsafeImage as problem:
        st.error(problem.reason, icon=":material/broken_image:")
        return None


def _uploaded() -> Image.Image | None:
    file = allowed.uploader(say("net.picture_png_jpeg"), key="class-add-upload", max_upload_size=_MOST_MB)
    if file is None:
        return None
    problem = uploads.refused(file)
    try:
        if problem is None:
            return load_image(file.getvalue())
    except UnsafeImage as refusal:
        problem = refusal.reason
        uploads.refuse(file, problem)
    st.error(f"{literal(file.name)}: {problem}", icon=":material/broken_image:")
    return None


def _refusal(refused: Refused) -> str:
    known = {"not_in": "classroom.refused_not_in"}
    return say(known.get(refused.code, f"class_together.refused_{refused.code}"), **refused.values)
