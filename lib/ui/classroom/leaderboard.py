"""The leaderboard: a teacher opens it with a budget, students hand runs in, and all see who stands where."""

import html
import logging
from pathlib import Path

import streamlit as st

from lib.classroom import Refused, Room, Student
from lib.classroom.handing_in import check, costs, hand_in, offered
from lib.classroom.leaderboard import BUDGETS, MOST_EACH, Budget, Entry, Standing
from lib.runs import Run, get_registry
from lib.ui.components.class_wishes import button, class_wishes
from lib.ui.net.background import Background, Work
from lib.ui.setup import session
from lib.ui.setup.controls import held
from lib.ui.words import number, percent, say
from lib.ui.words.field import title_of
from lib.ui.words.text import literal

logger = logging.getLogger(__name__)

_AGAIN_SECONDS = 2.0
_MOST_LISTED = {False: 10, True: 8}  # on a page, on the projector
_STYLE = Path(__file__).with_name("leaderboard.css")
_SAID = "class-board-said"

_works: Background[Entry] = Background(
    "hand-in", 60, least_share=0.05, when_broken=lambda: logger.exception("a hand-in broke off"), told=(Refused,)
)


def style() -> str:
    """What its rows look like, for pages that show them."""
    return f"<style>{_STYLE.read_text(encoding='utf-8')}</style>"


# ---- the teacher ----


def show(room: Room, token: str) -> None:
    """Open it with a budget, close it, and see how it stands."""
    st.html(style())
    st.markdown(f"**{say('class_together.board')}**")
    st.markdown(say("class_together.board_says"))
    board = room.leaderboard
    if not board.is_open:
        _opening(token)
    if board.budget is None:
        return
    st.html(_table(room, board.budget))
    acts = [button(say("class_together.board_close"), "close_leaderboard")] if board.is_open else []
    acts.append(button(say("class_together.project"), "project", pressed=room.showing.screen == "leaderboard",
                       screen="leaderboard"))  # fmt: skip
    class_wishes(key="class-board", token=token, buttons=acts, label=say("class_together.board"))


def _opening(token: str) -> None:
    about = session.dataset_info(session.setup().data.name)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        kind = held(
            st.segmented_control, say("class_together.board_kind"), list(BUDGETS), key="class-board-kind",
            first="parameters", format_func=lambda name: say(f"class_together.board_{name}"), required=True,
        )  # fmt: skip
        choices = BUDGETS[kind]
        most = held(
            st.selectbox, say("class_together.board_most"), choices, key=f"class-board-most-{kind}",
            first=choices[len(choices) // 2], format_func=lambda most: number(most, ",d"), width=140,
        )  # fmt: skip
        acts = [button(say("class_together.board_open", data=title_of(about)), "open_leaderboard", look="primary",
                       data=about.name, kind=kind, most=most)]  # fmt: skip
        class_wishes(key="class-board-open", token=token, buttons=acts, label=say("class_together.board"))


def projected(room: Room) -> str:
    """The leaderboard for the whole room."""
    budget = room.leaderboard.budget
    if budget is None:
        return f'<div class="gh-sentence"><p>{say("class_together.board_not_opened")}</p></div>'
    return style() + _table(room, budget, large=True)


# ---- a student ----


def take_part(room: Room, student: Student) -> None:
    """Where she hands a run in and sees who stands where; nothing while it is off (see `bar.depends_on`)."""
    if room.leaderboard.is_open:
        st.fragment(_hers, run_every=_AGAIN_SECONDS)(room, student)


def _hers(room: Room, student: Student) -> None:
    work, board = _work_of(student), room.leaderboard
    busy = work is not None and work.state == "running"
    if board.budget is None:
        return
    with st.container(key="class-board", width=640, gap="small"):
        st.html(style())
        st.markdown(f"### {say('class_together.board')}")
        left = max(0, MOST_EACH - len(board.of(student)))
        st.markdown(say("class_together.board_how", most=MOST_EACH, left=left))
        if work is not None and busy:
            st.progress(min(max(work.share, 0.0), 1.0), say("class_together.board_measuring"))
            st.button(say("labs.cancel"), on_click=work.cancel, key="class-board-cancel")
        else:
            _choose(room, student, board.budget)
        if work is not None and not busy:
            _tell(work)
        _tell_refusal()
        st.html(_table(room, board.budget, me=student))


def _choose(room: Room, student: Student, budget: Budget) -> None:
    runs = {run.id: run for run in offered(room, student, get_registry())}
    if not runs:
        st.caption(say("class_together.board_no_run", data=literal(title_of(session.dataset_info(budget.data)))))
        return
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        chosen = held(st.selectbox, say("class_together.board_which"), list(runs), key="class-board-run",
                      format_func=lambda run_id: _named(runs[run_id]))  # fmt: skip
        st.button(say("class_together.board_hand_in"), type="primary", on_click=_hand_in, args=(room, student, chosen),
                  key="class-board-hand-in")  # fmt: skip


def _hand_in(room: Room, student: Student, run_id: str) -> None:
    """A run over the budget is refused at once; all others are measured in the background."""
    try:
        check(room, get_registry(), student.owner, run_id)
        st.session_state[_SAID] = {"run": run_id}
        _works.begin((student.key, run_id), lambda: hand_in(room, get_registry(), student.owner, run_id))
    except Refused as refused:
        st.session_state[_SAID] = {"code": refused.code, "values": refused.values}


def _work_of(student: Student) -> Work[Entry] | None:
    said = st.session_state.get(_SAID, {})
    return _works.get((student.key, said["run"])) if "run" in said else None


def _tell(work: Work[Entry]) -> None:
    if work.found is not None:
        st.success(say("class_together.board_done", accuracy=percent(work.found.accuracy)), icon=":material/check:")
    else:
        _warn(work.why or {"cancelled": "cancelled"}.get(work.state, "broke_off"), {"most": MOST_EACH})


def _tell_refusal() -> None:
    said = st.session_state.get(_SAID, {})
    if "code" in said:
        _warn(said["code"], said["values"])


def _warn(code: str, values: dict[str, int | float]) -> None:
    st.warning(say(f"class_together.board_refused_{code}", **values), icon=":material/info:")


def _named(run: Run) -> str:
    parameters, seconds = costs(run)
    return say("class_together.board_run", name=run.name, parameters=parameters, seconds=seconds)


# ---- the rows ----


def _table(room: Room, budget: Budget, me: Student | None = None, *, large: bool = False) -> str:
    names = {student.key: student.name for student in room.students if student.state == "in"}
    lines = room.leaderboard.standings(list(names))
    title = html.escape(title_of(session.dataset_info(budget.data)))
    head = say(f"class_together.board_budget_{budget.kind}", data=title, most=budget.most)
    below = [] if room.leaderboard.is_open else [say("class_together.board_over")]
    if not lines:
        return _framed(
            f'<p>{head}</p><p class="about">{" ".join([say("class_together.board_empty"), *below])}</p>', large
        )
    shown = lines[: _MOST_LISTED[large]]
    if len(lines) > len(shown):
        below.insert(0, say("class_together.board_more", count=len(lines) - len(shown)) + ".")
    if any(line.close for line in shown):
        below.append(say("class_together.board_near"))
    below.append(say("class_together.board_measured", pictures=len(lines[0].entry.answers)))
    if me is not None and (mine := next((line for line in lines if line.entry.student == me.key), None)) is not None:
        below.insert(0, f"{say('class_together.board_you', place=mine.place)}.")
    what = "board_parameters" if budget.kind == "parameters" else "board_of_seconds"
    heads = [say(f"class_together.{each}") for each in ("board_place", "board_name", "board_right", what)]
    top = "".join(f'<th scope="col">{each}</th>' for each in heads)
    rows = "".join(_row(line, names[line.entry.student], budget, me) for line in shown)
    table = f"<table><thead><tr>{top}</tr></thead><tbody>{rows}</tbody></table>"
    return _framed(f'<p>{head}</p>{table}<p class="about">{" ".join(below)}</p>', large)


def _row(line: Standing, name: str, budget: Budget, me: Student | None) -> str:
    entry, near = line.entry, "≈ " if line.close else ""
    cost = number(entry.parameters, ",d") if budget.kind == "parameters" else number(entry.seconds, ",.1f")
    hers = ' class="me"' if me is not None and entry.student == me.key else ""
    return (f"<tr{hers}><td>{near}{line.place}</td><td><bdi>{html.escape(name)}</bdi></td>"
            f"<td>{percent(entry.accuracy)}</td><td>{cost}</td></tr>")  # fmt: skip


def _framed(inside: str, large: bool) -> str:
    return f'<div class="gh-board{" large" if large else ""}" data-testid="leaderboard">{inside}</div>'
