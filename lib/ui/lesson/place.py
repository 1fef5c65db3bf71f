"""Which lesson is under way and where it stands: in the session, in the address, and in this browser's notebook."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from lib.lessons import Lesson, Step, lessons
from lib.lessons.progress import change_notebook, is_damaged, read_notebook
from lib.ui.lesson import views
from lib.ui.serve.browser import owner_of
from lib.ui.setup import address, hiding, session, spoken
from lib.ui.setup.link import NAMES
from lib.ui.words import say
from lib.ui.words.text import literal

_LESSON, _STEP = "lesson", "step"  # address names; steps count from 1 there
_PLACE = "lesson-place"  # both together
_NOTES = "lesson-notes"
LEFT = "lesson-left"  # a lesson was just closed
_UNKNOWN = "lesson-unknown"  # the page and the name of a lesson that there is not


def follow(page: str) -> list[str]:
    """Take over the lesson that the address names, or put the one under way back there; returns what made no sense.

    Called before every page: going to another page empties the address.
    """
    spoken.follow()
    notices = hiding.follow()
    wanted, kept = st.query_params.get(_LESSON), st.session_state.get(_LESSON)
    if wanted or kept:
        session.read_address()  # the page will, but the panel speaks of the set-up before
    step = st.query_params.get(_STEP, "1")
    is_news = [wanted, step] != [kept, str(number() + 1)]  # a press may just have written it
    if wanted is not None and is_news and address.asked(_PLACE, [wanted, step]):
        found, _ = lessons()
        if wanted in found:
            _arrive(wanted, found[wanted], step)
        else:
            st.session_state[_UNKNOWN] = [page, wanted[:40]]
            _forget()
    elif kept is not None:
        _write_address()
    elif wanted is not None:  # an address from before the lesson was left
        _forget()
    if under_way() is None:
        hiding.show_only(None)
    asked_on, unknown = st.session_state.get(_UNKNOWN, [None, ""])
    if asked_on == page:  # said until another page or a lesson is opened
        notices.append(say("lesson.unknown_lesson", name=f"“{literal(unknown)}”"))
    else:
        st.session_state.pop(_UNKNOWN, None)
    return notices


def under_way() -> tuple[str, Lesson] | None:
    """The lesson that is under way, if any."""
    name = st.session_state.get(_LESSON)
    found = lessons()[0].get(name) if name else None
    return None if found is None or name is None else (name, found)


def number() -> int:
    """Which step the lesson stands at, from 0."""
    return int(st.session_state.get(_STEP, 0))


def begin(name: str) -> None:
    """Open a lesson where this browser left it."""
    lesson = lessons()[0][name]
    _stand(name, lesson, min(int(notes(name).get("step", 0)), len(lesson.steps) - 1))
    set_up(lesson, lesson.steps[number()])


def go(to: int) -> None:
    """Go to a step of the lesson under way and set up what it needs."""
    if (at := under_way()) is not None:
        name, lesson = at
        _stand(name, lesson, max(0, min(to, len(lesson.steps) - 1)))
        set_up(lesson, lesson.steps[number()])


def leave() -> None:
    """Close the lesson; what was answered is kept."""
    _forget()
    hiding.show_only(None)
    st.session_state[LEFT] = "yes"


def set_up(lesson: Lesson, step: Step) -> None:
    """Bring the step's set-up onto the pages, and the run that it looks at; undo gives the set-up before back."""
    if step.setup:
        session.change_setup(session.fitted(step.setup.config(data_name(lesson))), undoable=True)
    at = under_way()
    run_id = notes(at[0]).get("runs", {}).get(step.run_of) if at and step.run_of else None
    if run_id and (run := session.find_run(run_id)):
        session.show_run(run)


def data_name(lesson: Lesson) -> str:
    """The data set that the lesson uses on this machine."""
    return lesson.data_here({name: session.dataset_info(name).available for name in lesson.data})


def notes(name: str) -> dict[str, Any]:
    """What this browser noted in a lesson: "step", "said" and "runs", both by step."""
    if _NOTES not in st.session_state:
        owner = _cookie()
        st.session_state[_NOTES] = read_notebook(owner) if owner else {}
    mine: dict[str, Any] = st.session_state[_NOTES].setdefault(name, {})
    return mine


def notes_are_damaged() -> bool:
    """True if part of what this browser noted cannot be read; it is left out, and kept aside with the next note."""
    owner = _cookie()
    return owner is not None and is_damaged(owner)


def note(name: str, kind: str, step: str, value: Any) -> None:
    """Note an answer ("said") or a run ("runs") of a step."""
    _change(name, lambda mine: mine.setdefault(kind, {}).update({step: value}))


def start_anew(name: str) -> None:
    """Forget what was noted in a lesson, and go to its beginning."""
    _change(name, lambda mine: mine.clear())
    go(0)


def _arrive(name: str, lesson: Lesson, step: str) -> None:
    """The address says where: a link, a reload, or the back button."""
    fresh = st.session_state.get(_LESSON) != name
    st.session_state[views.ARRIVED] = fresh
    at = int(step) - 1 if step.isdecimal() and 0 < int(step) <= len(lesson.steps) else 0
    _stand(name, lesson, at)
    if not (fresh and NAMES & set(st.query_params)):  # a reload comes with the set-up as it was left
        set_up(lesson, lesson.steps[at])


def _stand(name: str, lesson: Lesson, at: int) -> None:
    st.session_state[_LESSON], st.session_state[_STEP] = name, at
    for ended in (_UNKNOWN, LEFT):
        st.session_state.pop(ended, None)
    if notes(name).get("step") != at:
        _change(name, lambda mine: mine.update(step=at))
    hiding.show_only(lesson.steps[at].show)
    _write_address()


def _write_address() -> None:
    stands = [st.session_state[_LESSON], str(number() + 1)]
    address.wrote(_PLACE, stands)
    address.write(dict(zip((_LESSON, _STEP), stands, strict=True)))


def _forget() -> None:
    for name in (_LESSON, _STEP):
        st.session_state.pop(name, None)
    address.wrote(_PLACE, None)
    address.write(dict.fromkeys((_LESSON, _STEP)))


def _change(name: str, change: Callable[[dict[str, Any]], None]) -> None:
    """Change what is noted in a lesson; a browser without our cookie keeps its notes while its page is open."""
    mine = notes(name)
    if owner := _cookie():
        newest = change_notebook(owner, st.session_state[_NOTES], lambda kept: change(kept.setdefault(name, {})))
        st.session_state[_NOTES] = newest
    else:
        change(mine)


def _cookie() -> str | None:
    """This browser's random name."""
    return owner_of(st.context.cookies)  # a page that is tested without a browser has none
