"""The question of a step: asked before the run, answered once, and held kindly against what came out."""

import streamlit as st

from lib.lessons import Choose, Estimate, Lesson, Step
from lib.lessons.verdicts import is_close
from lib.ui.lesson import figures, place
from lib.ui.lesson.progress import Standing
from lib.ui.setup import session
from lib.ui.setup.controls import held
from lib.ui.words import language, say
from lib.ui.words.field import title_of


def show(name: str, lesson: Lesson, step: Step, stands: Standing) -> None:
    """Ask, or say what was answered and how it turned out."""
    assert step.predict is not None
    with st.container(border=True, key="lesson-question", gap="xsmall"):
        st.caption(say("lesson.predict"))
        st.markdown(f"**{_filled(step.predict.question.said(language()), lesson, stands)}**")
        if stands.said is None:
            _ask(name, lesson, step, stands)
        elif isinstance(step.predict, Choose):
            _judge_choice(step.predict, lesson, stands)
        else:
            _judge_number(step.predict, stands)


def _ask(name: str, lesson: Lesson, step: Step, stands: Standing) -> None:
    key, answer = f"lesson-said-{name}-{step.id}", step.predict
    label = say("lesson.your_guess")
    if isinstance(answer, Choose):
        texts = [_filled(choice.text.said(language()), lesson, stands) for choice in answer.choices]
        held(st.radio, label, range(len(texts)), first=None, format_func=texts.__getitem__, key=key,
             label_visibility="collapsed")  # fmt: skip
    elif answer:
        fine = isinstance(answer.answer, float) and not answer.answer.is_integer()
        percent = answer.unit == "percent"
        held(
            st.number_input,
            say("lesson.in_percent") if percent else label,
            min_value=answer.lowest if fine else int(answer.lowest),
            max_value=100 if percent else answer.highest if fine else int(answer.highest),
            first=None,
            step=0.001 if fine else 1,
            format="%.4f" if fine else None,
            key=key,
            label_visibility="visible" if percent else "collapsed",
        )
    st.button(say("lesson.that_is_it"), key="lesson-guess", type="primary", on_click=_note, args=(name, step, key))


def _note(name: str, step: Step, key: str) -> None:
    said = st.session_state.get(key)
    if said is not None:
        percent = isinstance(step.predict, Estimate) and step.predict.unit == "percent"
        place.note(name, "said", step.id, said / 100 if percent else said)


def _judge_choice(question: Choose, lesson: Lesson, stands: Standing) -> None:
    texts = [_filled(choice.text.said(language()), lesson, stands) for choice in question.choices]
    place_said = max(0, min(int(stands.said or 0), len(texts) - 1))
    said = texts[place_said]
    if stands.right is None:
        st.markdown(say("lesson.said", said=said))
    elif place_said in stands.right:
        _say_verdict("right", say("lesson.right", said=said))
    elif stands.right:
        _say_verdict("wrong", say("lesson.wrong", said=said, answer=texts[min(stands.right)]))
    else:
        _say_verdict("open", say("lesson.undecided", said=said))


def _judge_number(question: Estimate, stands: Standing) -> None:
    assert stands.said is not None
    said = _number(question, stands.said)
    if stands.answer is None:
        st.markdown(say("lesson.said", said=said))
        return
    answer = _number(question, stands.answer)
    if is_close(question, stands.said, stands.answer):
        exact = question.tolerance == 0 or said == answer
        _say_verdict("right", say("lesson.right" if exact else "lesson.close", said=said, answer=answer))
    else:
        _say_verdict("wrong", say("lesson.wrong", said=said, answer=answer))


def _say_verdict(kind: str, sentence: str) -> None:
    icon = {"right": "check_circle", "wrong": "lightbulb", "open": "info"}[kind]
    with st.container(key=f"lesson-verdict-{kind}"):
        st.markdown(f":material/{icon}: {sentence}")


def _number(question: Estimate, value: float) -> str:
    """As people read it; the finer, the smaller it is."""
    if question.unit == "percent":
        return figures.written("accuracy", value)
    if float(value).is_integer():
        return figures.written("pictures", value)
    return say("lesson.as_fine", value=value)


def _filled(words: str, lesson: Lesson, stands: Standing) -> str:
    title = title_of(session.dataset_info(place.data_name(lesson)))
    return words.format(data=title, **figures.all_written(stands.numbers))
