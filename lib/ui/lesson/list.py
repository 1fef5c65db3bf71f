"""All lessons: what each is about, how long it takes, and how far this browser has come."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from lib.lessons import Lesson, lessons
from lib.ui.lesson import place
from lib.ui.lesson.panel import open_step
from lib.ui.words import language, say


def show(page: str = "learn") -> None:
    """Draw the list on the page with this address; a lesson opens where it plays, with its panel beside it."""
    found, problems = lessons()
    for problem in problems:
        st.warning(say("lesson.broken_file", problem=problem), icon=":material/error:")
    if place.notes_are_damaged():
        st.warning(say("lesson.broken_notes"), icon=":material/error:")
    columns: list[DeltaGenerator] = []
    for place_in_list, (name, lesson) in enumerate(found.items()):
        # Row by row, so that keyboards and screen readers go through them in order.
        columns = columns or list(st.columns(3, gap="medium"))
        with columns.pop(0), st.container(border=True, key=f"lesson-{name}", gap="small", height="stretch"):
            _card(place_in_list + 1, name, lesson, page)


def _card(number: int, name: str, lesson: Lesson, page: str) -> None:
    notes, spoken = place.notes(name), language()
    st.markdown(f"**{number}. {lesson.title.said(spoken)}**")
    st.caption(lesson.about.said(spoken))
    answered, questions = len(notes.get("said", {})), sum(step.predict is not None for step in lesson.steps)
    facts = say("lesson.facts", steps=len(lesson.steps), minutes=lesson.minutes)
    if answered:
        facts += " · " + say("lesson.answered", answered=answered, questions=questions)
    st.caption(facts)
    label = say("lesson.go_on" if notes.get("step") or answered else "lesson.begin")
    if st.button(label, key=f"lesson-open-{name}", icon=":material/play_arrow:"):
        place.begin(name)
        open_step(lesson.steps[place.number()], page)
