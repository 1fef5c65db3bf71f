"""Ask: predict first; answers fill bars, then the run decides; and how the class answered the lessons."""

import html
from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from lib.classroom import Room
from lib.classroom.asking import Question, lesson_counts
from lib.lessons import Choose, lessons
from lib.runs import get_registry
from lib.ui.components.class_wishes import button, class_wishes
from lib.ui.setup import session
from lib.ui.setup.controls import held
from lib.ui.setup.link import to_link
from lib.ui.words import language, say
from lib.ui.words.field import OPTIMIZER_TITLES
from lib.ui.words.text import literal

_STYLE = Path(__file__).with_name("answers.css")


def show(room: Room, token: str) -> None:
    """Ask something, watch the answers, decide; below, the lessons."""
    st.html(f"<style>{_STYLE.read_text(encoding='utf-8')}</style>")
    st.markdown(say("class_desk.ask_says"))
    about = [button(say("class_desk.ask_about"), "ask_about", look="primary", parts=to_link(session.setup()))]
    class_wishes(key="class-ask-about", token=token, buttons=about, label=say("class_desk.tool_ask"))
    with st.expander(say("class_desk.ask_own")), st.container(gap="small"):
        text = held(st.text_input, say("class_desk.ask_text"), key="class-ask-text", first="", max_chars=300)
        lines = held(st.text_area, say("class_desk.ask_options"), key="class-ask-options", first="", max_chars=700)
        own = [button(say("class_desk.ask_do"), "ask", text=text, options=lines.splitlines()[:20])]
        class_wishes(key="class-ask-own", token=token, buttons=own, label=say("class_desk.ask_own"))
    _newest(room, token)
    _lessons(room)


def settled(room: Room) -> Question | None:
    """The newest question, decided as soon as its run has ended."""
    asked = room.asking.newest()
    if asked is not None and asked.run is not None and asked.right is None:
        run = next((each for each in get_registry().at_hand() if each.id == asked.run), None)
        room.asking.settle(run)
    return room.asking.newest()


def bars(question: Question, *, large: bool = False) -> str:
    """The question and its answers as bars, in HTML; what came true is marked once it is known."""
    counts, most = question.counts(), max(1, *question.counts())
    rows = "".join(
        f'<li class="{"right" if question.right == place else ""}"><span>{html.escape(said)}</span>'
        f'<i><b style="width:{100 * count / most:.0f}%"></b></i><u>{count}</u></li>'
        for place, (said, count) in enumerate(zip(options_of(question), counts, strict=True))
    )
    return (
        f'<div class="gh-answers{" large" if large else ""}" data-testid="class-answers">'
        f"<p>{html.escape(text_of(question))}</p><ul>{rows}</ul></div>"
    )


def text_of(question: Question) -> str:
    """The question in the page's language."""
    if question.config is None:
        return question.text
    train = question.config.train
    return say("class_bar.ask_run", optimizer=OPTIMIZER_TITLES[train.optimizer], rate=f"{train.learning_rate:g}")


def options_of(question: Question) -> Sequence[str]:
    """Its answers in the page's language."""
    return (
        [say(f"class_bar.outcome_{each}") for each in question.options] if question.kind == "run" else question.options
    )


def _newest(room: Room, token: str) -> None:
    asked = settled(room)
    if asked is None:
        st.caption(say("class_desk.ask_none"))
        return
    st.html(bars(asked))
    there = sum(student.state == "in" for student in room.students)
    st.caption(say("class_desk.ask_count", count=len(asked.answers), of=there))
    acts = [button(say("class_desk.ask_close"), "close_question")] if asked.open else []
    if asked.kind == "run" and asked.run is None:
        acts.append(button(say("class_desk.ask_decide"), "let_run_decide", look="primary"))
    if asked.kind == "own" and asked.right is None:
        acts += [button(say("class_desk.ask_true", answer=said), "decide", right=place)
                 for place, said in enumerate(asked.options)]  # fmt: skip
    if asked.run is not None and asked.right is None:
        st.caption(say("class_desk.ask_running"))
    class_wishes(key="class-ask-acts", token=token, buttons=acts, label=say("class_desk.tool_ask"))


def _lessons(room: Room) -> None:
    counts = lesson_counts(student for student in room.students if student.state == "in")
    st.markdown(f"**{say('class_desk.ask_lessons')}**")
    if not counts:
        st.caption(say("class_desk.ask_no_lessons"))
    found, _ = lessons()
    for name, steps in counts.items():
        st.markdown(literal(found[name].title.said(language())))
        for step in found[name].steps:
            if step.id in steps and isinstance(step.predict, Choose):
                said = [choice.text.said(language()) for choice in step.predict.choices]
                each = " · ".join(
                    f"{literal(text)}: **{count}**" for text, count in zip(said, steps[step.id], strict=True)
                )
                st.caption(f"{literal(step.title.said(language()))}  \n{each}")
