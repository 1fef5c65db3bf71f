"""Send: a set-up, a lesson or a page, to all or some."""

import streamlit as st

from lib.classroom import Room
from lib.classroom.sending import PAGES
from lib.lessons import lessons
from lib.models import nearest_preset
from lib.ui.components.class_wishes import button, class_wishes
from lib.ui.setup import session
from lib.ui.setup.controls import held
from lib.ui.setup.link import to_link
from lib.ui.words import language, say
from lib.ui.words.field import OPTIMIZER_TITLES, title_of
from lib.ui.words.text import PRESET_TITLES, literal, rate

_KINDS = ("setup", "lesson", "page")


def show(room: Room, token: str) -> None:
    """Choose what and to whom, and send."""
    st.markdown(say("class_desk.send_says"))
    with st.container(width=720, gap="small"):
        kind = held(
            st.segmented_control, say("class_desk.send_what"), _KINDS, key="class-send-kind", first="setup",
            format_func=lambda name: say(f"class_desk.send_{name}"), required=True,
        )  # fmt: skip
        page, parts = {"setup": _setup, "lesson": _lesson, "page": _page}[kind]()
        there = {student.key: student.name for student in room.students if student.state == "in"}
        chosen = held(
            st.pills, say("class_desk.send_to"), there, key="class-send-to", selection_mode="multi", first=[],
            format_func=lambda key: literal(there[key]), help=say("class_desk.send_to_help"),
        )  # fmt: skip
        label = say("class_desk.send_some", count=len(chosen)) if chosen else say("class_desk.send_all")
        wish = button(label, "send", look="primary", page=page, parts=parts, to=chosen or None)
        class_wishes(key="class-send", token=token, buttons=[wish], label=say("class_desk.tool_send"))
        st.caption(say("class_desk.send_follow"))


def _setup() -> tuple[str, dict[str, str]]:
    config = session.setup()
    preset, train = nearest_preset(config), config.train
    name = PRESET_TITLES.get(preset, preset) if preset else say("class_desk.own_net")
    title = title_of(session.dataset_info(config.data.name))
    about = say("class_desk.setup_is", net=literal(name), data=literal(title),
                optimizer=OPTIMIZER_TITLES[train.optimizer], rate=rate(train.learning_rate))  # fmt: skip
    st.markdown(about)
    st.caption(say("class_desk.setup_from"))
    return "train", to_link(config)


def _lesson() -> tuple[str, dict[str, str]]:
    found, _ = lessons()
    name = held(
        st.selectbox, say("class_desk.send_lesson"), list(found), key="class-send-lesson",
        format_func=lambda each: literal(found[each].title.said(language())), label_visibility="collapsed",
    )  # fmt: skip
    return found[name].steps[0].page, {"lesson": name, "step": "1"}


def _page() -> tuple[str, dict[str, str]]:
    page = held(
        st.selectbox, say("class_desk.send_page"), PAGES, key="class-send-page", first="learn",
        format_func=lambda each: say(f"pages.{each}"), label_visibility="collapsed",
    )  # fmt: skip
    return page, {}
