"""The lesson beside every page: what this step is about, its question, its run, what the run shows, and why."""

import streamlit as st

from lib.lessons import Lesson, Step, Text
from lib.models import ShapeError
from lib.runs import TooMuch, get_registry
from lib.ui.frame.going import open_page_of
from lib.ui.frame.page import link_to
from lib.ui.lesson import figures, place, question, views
from lib.ui.lesson.export import answers_json
from lib.ui.lesson.progress import Standing, adopt, expected, fits, standing
from lib.ui.setup import session, withheld
from lib.ui.setup.controls import start_button
from lib.ui.words import language, say
from lib.ui.words.field import title_of
from lib.ui.words.telling import problem_said

_WIDTH = 340  # pixels of the side that the panel has


def show(page: str) -> None:
    """Draw the panel of the lesson under way beside the page with this address ("" is Start); nothing without one."""
    for notice in place.follow(page):
        st.warning(notice, icon=":material/link_off:")
    at = place.under_way()
    if at is None:
        withheld.withhold(())
        if st.session_state.get(place.LEFT):
            st.fragment(_close_side, run_every=0.4)()
        return
    name, lesson = at
    step = lesson.steps[place.number()]
    if (page or "start") == step.page:
        views.turn_to(name, step)
    st.set_page_config(initial_sidebar_state=_WIDTH)
    with st.sidebar, st.container(key="lesson-panel", gap="small"):
        _head(name, lesson, step)
        adopt(name, lesson, step)
        stands = standing(name, lesson, step)
        withheld.withhold(step.withheld if stands.said is None else ())
        _write(step.text, lesson, stands)
        if (page or "start") != step.page:
            with st.container(key="lesson-elsewhere"):
                link_to(step.page, say("lesson.go_to", page=say(f"pages.{step.page}")), ":material/arrow_forward:")
        if step.predict:
            question.show(name, lesson, step, stands)
        if step.run:
            _run(name, lesson, step, stands)
        done = _outcome(lesson, step, stands)
        _move(lesson, page or "start", done)
        _foot(name, lesson)


def _close_side() -> None:
    """Run the page once more: Streamlit takes the empty side away only when a second run has ended without it."""
    if st.session_state.get(place.LEFT) == "seen":
        del st.session_state[place.LEFT]
        st.rerun()
    st.session_state[place.LEFT] = "seen"


def _head(name: str, lesson: Lesson, step: Step) -> None:
    spoken, at, all_steps = language(), place.number(), len(lesson.steps)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(lesson.title.said(spoken), width="stretch")
        st.button(say("lesson.shut"), icon=":material/close:", type="tertiary", help=say("lesson.leave"),
                  on_click=place.leave, key="lesson-leave")  # fmt: skip
    done = place.notes(name).get("said", {})
    dots = "".join(
        f'<i class="{"now" if i == at else "done" if each.id in done or i < at else ""}"></i>'
        for i, each in enumerate(lesson.steps)
    )
    where = say("lesson.step_of", at=at + 1, all=all_steps)
    st.html(
        f'<div class="gh-dots" role="img" aria-label="{where}" data-testid="lesson-step">{dots}<b>{where}</b></div>'
    )
    st.header(step.title.said(spoken), anchor=False)
    wanted, here = lesson.data[0], place.data_name(lesson)
    if at == 0 and here != wanted:
        missing, instead = title_of(session.dataset_info(wanted)), title_of(session.dataset_info(here))
        st.caption(say("lesson.other_data", wanted=missing, here=instead))


def _write(text: Text, lesson: Lesson, stands: Standing) -> None:
    st.markdown(filled(text, lesson, stands))


def filled(text: Text, lesson: Lesson, stands: Standing) -> str:
    """The words in the person's language, with the numbers of the set-up and the run."""
    data = title_of(session.dataset_info(place.data_name(lesson)))
    return text.said(language()).format(data=data, **figures.all_written(stands.numbers))


def _run(name: str, lesson: Lesson, step: Step, stands: Standing) -> None:
    """Start the step's run with the set-up as it stands, or bring the set-up back when it is another one."""
    wanted = expected(lesson, step)
    assert wanted is not None  # the schema asks for it
    if not fits(step, wanted, session.setup()):
        st.caption(say("lesson.other_setup"))
        st.button(say("lesson.set_up"), icon=":material/restart_alt:", on_click=place.set_up, args=(lesson, step))
        return
    guessed = step.predict is None or stands.said is not None
    under_way = stands.run is not None and not stands.run.has_ended
    ran = stands.run is not None and stands.run.has_ended
    start_button(
        say("lesson.run_again" if ran else "lesson.run"),
        starts=f"lesson-{name}-{step.id}",
        key="lesson-run",
        type="secondary" if ran or not guessed else "primary",
        icon=":material/play_arrow:",
        disabled=not guessed or under_way,
        help=None if guessed else say("lesson.guess_first"),
        on_click=_start,
        args=(name, step),
    )
    if problem := st.session_state.pop("lesson-problem", None):
        st.error(problem, icon=":material/error:")
    if under_way:
        st.caption(f":material/hourglass_top: {say('lesson.goes_on')}")


def _start(name: str, step: Step) -> None:
    try:
        run = get_registry().start(session.setup(), session.owner())
    except (TooMuch, ShapeError, ValueError) as error:
        st.session_state["lesson-problem"] = problem_said(error)
        return
    place.note(name, "runs", step.id, run.id)
    session.show_run(run)


def _outcome(lesson: Lesson, step: Step, stands: Standing) -> bool:
    """What the run shows, and the explanation once there is nothing left to guess; True if it is there."""
    if step.has_run and stands.run is None and step.run_of:
        st.caption(say("lesson.run_missing", step=_title_of(lesson, step.run_of)))
    if step.check and stands.found:
        holds = stands.found.holds
        text = filled(step.check.holds if holds else step.check.otherwise, lesson, stands)
        with st.container(key="lesson-check", border=True):
            st.markdown(f":material/{'check_circle' if holds else 'info'}: {text}")
    waits_for_run = step.check is not None and stands.found is None
    waits_for_guess = step.predict is not None and stands.said is None
    unresolved = step.predict is not None and not stands.is_answered
    done = not (waits_for_run or waits_for_guess or unresolved)
    if done:
        with st.container(key="lesson-explain"):
            _write(step.explain, lesson, stands)
    return done


def _title_of(lesson: Lesson, step_id: str) -> str:
    return next(step for step in lesson.steps if step.id == step_id).title.said(language())


def _move(lesson: Lesson, page: str, done: bool) -> None:
    """Back and next; to another page where the next step plays there."""
    at, last = place.number(), len(lesson.steps) - 1
    with st.container(horizontal=True, key="lesson-move", gap="small"):
        back = st.button(say("lesson.back"), key="lesson-back", disabled=at == 0, width="stretch")
        label = say("lesson.next" if at < last else "lesson.finish")
        onward = st.button(label, key="lesson-next", width="stretch", type="primary" if done else "secondary")
    if not (back or onward):
        return
    if onward and at == last:
        place.leave()
        st.session_state["section"] = "lessons"  # of Learn
        open_page_of("learn", page)
        return
    place.go(at + (1 if onward else -1))
    open_step(lesson.steps[place.number()], page)


def open_step(step: Step, page: str) -> None:
    """Go to the page where the step plays."""
    open_page_of(step.page, page)


def _foot(name: str, lesson: Lesson) -> None:
    answers = answers_json(name, lesson)  # now: what makes a file when it is asked for knows no session
    with st.container(horizontal=True, key="lesson-foot", gap="small"):
        st.download_button(
            say("lesson.download"),
            lambda: answers,
            file_name=f"glasshouse-{name}.json",
            mime="application/json",
            type="tertiary",
            icon=":material/download:",
            on_click="ignore",
            help=say("lesson.download_help"),
        )
        st.button(
            say("lesson.anew"), type="tertiary", icon=":material/replay:", on_click=place.start_anew, args=(name,)
        )
