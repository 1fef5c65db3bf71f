"""Allow: what the class may do and see, and how large its runs may be, while it runs."""

import streamlit as st

from lib.classroom import Room
from lib.classroom.allowing import ACTS, SIZES, ClassLimits
from lib.lessons.controls import CONTROLS
from lib.models import ShapeError
from lib.runs import TooMuch
from lib.ui.components.class_wishes import button, class_wishes
from lib.ui.setup import session
from lib.ui.setup.expected import estimates
from lib.ui.setup.link import to_link
from lib.ui.words import say
from lib.ui.words.telling import problem_said
from lib.ui.words.text import duration


def show(room: Room, token: str) -> None:
    """Switches for acts and for controls, and the size of a class as one choice."""
    st.markdown(say("class_desk.allow_says"))
    for group, names in (("acts", ACTS), ("controls", CONTROLS)):
        st.markdown(f"**{say(f'class_desk.{group}')}**")
        switches = [
            button(_named(group, name), "allow", pressed=name not in room.off, what=name, on=name in room.off,
                   parts=to_link(session.setup()))
            for name in names
        ]  # fmt: skip
        class_wishes(key=f"class-{group}", token=token, buttons=switches, label=say(f"class_desk.{group}"))
    st.markdown(f"**{say('class_desk.size')}**")
    sizes = [button(say(f"class_desk.size_{name}"), "limit", pressed=room.size == name, size=name) for name in SIZES]
    class_wishes(key="class-size", token=token, buttons=sizes, label=say("class_desk.size"))
    limits = SIZES[room.size]
    st.markdown(say("class_desk.size_says_free") if limits is None else _numbers(limits))
    st.caption(each_gets(limits.students if limits else 30))


def _numbers(limits: ClassLimits) -> str:
    return say("class_desk.size_says", parameters=limits.parameters, batch=limits.batch_size, epochs=limits.epochs,
               seconds=int(limits.seconds))  # fmt: skip


def each_gets(students: int) -> str:
    """What so many who train the set-up of this desk at once get of the machine, each."""
    config = session.setup()
    try:
        found = estimates([config], session.dataset_info(config.data.name), session.owner())
    except (TooMuch, ShapeError) as problem:
        return problem_said(problem)
    if not found or found[0].seconds_per_epoch <= 0:
        return say("class_desk.measuring")
    one = found[0]
    pictures = one.steps_per_epoch * config.train.batch_size / one.seconds_per_epoch
    return say("class_desk.each_gets", students=students, pictures=round(pictures / students),
               seconds=duration(one.seconds * students))  # fmt: skip


def _named(group: str, name: str) -> str:
    return say(f"class_desk.act_{name}") if group == "acts" else say(f"class_desk.control_{name}")
