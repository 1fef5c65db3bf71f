"""All lessons: what each is about, how long it takes, and how far this browser has come."""

from typing import Literal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from lib.lessons import Lesson, lessons
from lib.ui.lesson import place
from lib.ui.lesson.panel import open_step
from lib.ui.setup import level
from lib.ui.words import language, say


def show(page: str = "learn") -> None:
    """Draw the list on the page with this address; a lesson opens where it plays, with its panel beside it."""
    found, problems = lessons()
    for problem in problems:
        st.warning(say("lesson.broken_file", problem=problem), icon=":material/error:")
    if place.notes_are_damaged():
        st.warning(say("lesson.broken_notes"), icon=":material/error:")
    shown = {name: lesson for name, lesson in found.items() if level.is_whole() or lesson.level == level.chosen()}
    next_one = next((name for name, lesson in shown.items() if not _is_done(name, lesson)), None)
    columns: list[DeltaGenerator] = []
    for place_in_list, (name, lesson) in enumerate(shown.items()):
        # Row by row, so that keyboards and screen readers go through them in order.
        columns = columns or list(st.columns(3, gap="medium"))
        with columns.pop(0), st.container(border=True, key=f"lesson-{name}", gap="small", height="stretch"):
            _card(place_in_list + 1, name, lesson, page, is_next=name == next_one)


def _is_done(name: str, lesson: Lesson) -> bool:
    said = place.notes(name).get("said", {})
    return all(step.id in said for step in lesson.steps if step.predict)


def _card(number: int, name: str, lesson: Lesson, page: str, *, is_next: bool) -> None:
    notes, spoken = place.notes(name), language()
    st.markdown(f"**{number}. {lesson.title.said(spoken)}**")
    st.caption(lesson.about.said(spoken))
    answered, questions = len(notes.get("said", {})), sum(step.predict is not None for step in lesson.steps)
    facts = say("lesson.facts", steps=len(lesson.steps), minutes=lesson.minutes)
    facts += " · " + say(f"lesson.for_{lesson.level}")
    if answered:
        facts += " · " + say("lesson.answered", answered=answered, questions=questions)
    st.caption(facts)
    if lesson.needs:
        st.caption(say("lesson.needs", needs=lesson.needs.said(spoken)))
    label = say("lesson.go_on" if notes.get("step") or answered else "lesson.begin")
    kind: Literal["primary", "secondary"] = "primary" if is_next else "secondary"
    st.button(
        label,
        key=f"lesson-open-{name}",
        icon=":material/play_arrow:",
        type=kind,
        on_click=_open,
        args=(name, lesson, page),
    )


def _open(name: str, lesson: Lesson, page: str) -> None:
    place.begin(name)
    open_step(lesson.steps[place.number()], page)
