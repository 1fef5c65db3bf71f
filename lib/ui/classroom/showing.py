"""Show: what stands on the projector, and the shelf of moments that were kept."""

from datetime import datetime

import streamlit as st

from lib.classroom import Room
from lib.runs import get_registry
from lib.ui.components.class_wishes import button, class_wishes
from lib.ui.setup.controls import held
from lib.ui.words import percent, say
from lib.ui.words.text import literal

_SCREENS = ("door", "runs", "question", "votes", "leaderboard")


def show(room: Room, token: str) -> None:
    """Choose the screen and the runs; keep a moment; show one again."""
    shown = room.showing
    st.markdown(say("class_desk.show_says"))
    screens = [button(say(f"class_desk.screen_{name}"), "project", pressed=shown.screen == name, screen=name)
               for name in _SCREENS]  # fmt: skip
    class_wishes(key="class-screens", token=token, buttons=screens, label=say("class_desk.screens"))
    _runs(room, token)
    if shown.run_ids and shown.screen == "runs":
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            caption = held(st.text_input, say("class_desk.caption"), key="class-caption", first="", max_chars=120,
                           placeholder=say("class_desk.caption_example"), width=420)  # fmt: skip
            acts = [button(say("class_desk.keep_moment"), "keep_moment", look="primary", caption=caption),
                    button(say("class_desk.clear_projector"), "clear_projector")]  # fmt: skip
            class_wishes(key="class-keep", token=token, buttons=acts, label=say("class_desk.keep_moment"))
    _shelf(room, token)


def _runs(room: Room, token: str) -> None:
    st.markdown(f"**{say('class_desk.whose_runs')}**")
    at_hand = get_registry().at_hand()
    has_run = {run.owner for run in at_hand}
    on_screen = {run.owner for run in at_hand if run.id in room.showing.run_ids}
    there = [student for student in room.students if student.state == "in" and student.owner in has_run]
    if not there:
        st.caption(say("class_desk.no_runs"))
        return
    buttons = [button(each.name, "show", pressed=each.owner in on_screen, key=each.key) for each in there]
    class_wishes(key="class-show", token=token, buttons=buttons, label=say("class_desk.whose_runs"))


def _shelf(room: Room, token: str) -> None:
    st.markdown(f"**{say('class_desk.shelf')}**")
    if not room.showing.shelf:
        st.caption(say("class_desk.shelf_empty"))
    for moment in reversed(room.showing.shelf):
        best = [run["accuracy"] for run in moment.runs if run["accuracy"] is not None]
        when = datetime.fromtimestamp(moment.made).strftime("%H:%M")
        how_many = say("class_desk.moment", count=len(moment.runs), best=percent(max(best)) if best else "–")
        with st.container(horizontal=True, vertical_alignment="center", gap="medium", key=f"moment-{moment.key}"):
            st.markdown(f"**{when}** {literal(moment.caption)}  \n{how_many}", width="stretch")
            acts = [button(say("class_desk.show_moment"), "show_moment", key=moment.key),
                    button(say("class_desk.forget_moment"), "forget_moment", look="grave", key=moment.key,
                           sure=say("class_desk.sure"))]  # fmt: skip
            class_wishes(key=f"class-moment-{moment.key}", token=token, buttons=acts, label=when)
