"""Rehearse: before class, simulated students train the teacher's set-up; what they saw stands in a table."""

import logging
import sys
from collections.abc import Sequence
from itertools import count
from urllib.parse import urlencode

import streamlit as st

from lib.classroom import Refused, Room, Teacher
from lib.classroom.allowing import SIZES
from lib.classroom.invitation import the_invitation
from lib.classroom.rehearsing import BARS, FEWEST, MOST, Rehearsed
from lib.ui.classroom import rehearsal
from lib.ui.components.class_wishes import button, class_wishes
from lib.ui.net.background import Background, Work
from lib.ui.setup import session
from lib.ui.setup.controls import held
from lib.ui.setup.link import to_link
from lib.ui.words import number, say
from lib.ui.words.text import duration

logger = logging.getLogger(__name__)

_MEASURED_SECONDS = 30.0  # once everybody is in
_EPOCHS = 200  # so that nobody ends while others join
_ICONS = {True: ":green[:material/check_circle:]", False: ":orange[:material/error:]", None: ":material/info:"}

_works: Background[Rehearsed] = Background(
    "class-rehearsal", 3, least_share=0.02, told=(Refused,),
    when_broken=lambda: logger.exception("a rehearsal broke off"),
)  # fmt: skip
_number, _latest = count(), list[Work[Rehearsed]]()


def begin(teacher: Teacher, students: int, parts: dict[str, str]) -> None:
    """Have so many simulated students come, in the background, unless they are there already."""
    if _latest and _latest[0].state == "running":
        return
    _latest[:] = [
        _works.begin(next(_number), lambda: teacher.rehearse(lambda code: _command(code, students, parts), students))
    ]


def cancel() -> None:
    """Send them away."""
    for work in _latest:
        work.cancel()


def _command(code: str, students: int, parts: dict[str, str]) -> Sequence[str]:
    invitation = the_invitation()
    if invitation is None:
        raise Refused("rehearsal_broke_off")
    return [sys.executable, "-m", rehearsal.__name__, "--port", str(invitation.port), "--scheme", invitation.scheme,
            "--code", code, "--students", str(students), "--seconds", str(_MEASURED_SECONDS),
            "--set-up", urlencode(parts)]  # fmt: skip


def show(room: Room, token: str) -> None:
    """Begin, see how far it is, end it, and read what was measured."""
    st.markdown(f"**{say('class_rehearsal.rehearse')}**")
    st.markdown(say("class_rehearsal.says"))
    if not (_latest and _latest[0].state == "running"):
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            students = held(st.number_input, say("class_rehearsal.students"), key="class-rehearsal-students",
                            first=MOST, min_value=FEWEST, max_value=MOST, width=200)  # fmt: skip
            limits = SIZES[room.size]
            epochs = limits.epochs if limits else _EPOCHS
            config = session.setup()
            parts = to_link(config.model_copy(update={"train": config.train.model_copy(update={"epochs": epochs})}))
            acts = [button(say("class_rehearsal.begin", count=students), "rehearse", look="primary", parts=parts,
                           students=students)]  # fmt: skip
            class_wishes(key="class-rehearse", token=token, buttons=acts, label=say("class_rehearsal.rehearse"))
    if _latest:
        _how_it_goes(_latest[0], token)


def _how_it_goes(work: Work[Rehearsed], token: str) -> None:
    if work.state == "running":
        left, said = work.seconds_left, say("class_rehearsal.going")
        st.progress(
            min(max(work.share, 0.0), 1.0), said if left is None else say("labs.left", said=said, left=duration(left))
        )
        cancels = [button(say("labs.cancel"), "cancel_rehearsal")]
        class_wishes(key="class-rehearsal-cancel", token=token, buttons=cancels, label=said)
    elif work.found is not None:
        _table(work.found)
    else:
        code = work.why if work.why == "rehearse_later" else work.state
        st.caption(say(f"class_rehearsal.{code}"))


def _table(found: Rehearsed) -> None:
    """What was measured, beside what a class can bear."""
    heads = [say(f"class_rehearsal.{name}") for name in ("measured", "bar")]
    rows = [f"| {say('class_rehearsal.of', count=found.students)} | {heads[0]} | {heads[1]} |", "|---|---:|---:|"]
    for what, bar in BARS.items():
        value = getattr(found, what)
        shown = "–" if value is None else _with_unit(what, value)
        said = f"{_ICONS[found.good(what)]} {say(f'class_rehearsal.row_{what}')}"
        rows.append(f"| {said} | **{shown}** | {_with_unit(what, bar)} |")
    st.markdown("\n".join(rows))
    is_good = all(found.good(what) is not False for what in BARS)
    st.markdown(say("class_rehearsal.holds" if is_good else "class_rehearsal.too_much"))
    st.caption(say("class_rehearsal.nothing_stays"))


def _with_unit(what: str, value: float) -> str:
    return f"{number(value, ',.0f')} MB" if what == "memory_mb" else f"{number(value, ',.1f')} s"
