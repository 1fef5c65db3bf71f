"""The class votes: all nets answer together, on the desk with names, on the projector without, unless she says so."""

import html
import logging
from collections.abc import Iterable, Mapping
from itertools import count
from pathlib import Path

import streamlit as st

from lib.classroom import Refused, Room, Teacher
from lib.classroom.averaging import SHOWN_NETS, Averaged, Start
from lib.classroom.electorate import FEWEST, voters_by_data
from lib.classroom.voting import Count, Vote
from lib.experiments.statistics import ALPHA
from lib.runs import get_registry
from lib.ui.components.class_wishes import button, class_wishes
from lib.ui.net.background import Background, Work
from lib.ui.setup import session
from lib.ui.setup.link import to_link
from lib.ui.words import number, percent, say
from lib.ui.words.field import title_of
from lib.ui.words.text import duration

logger = logging.getLogger(__name__)

_MOST_LISTED = 8  # of those who help or harm, on the desk
_FELL = 0.05  # below the weakest of its nets: an average that is worth nothing
_STYLES = [Path(__file__).with_name(name) for name in ("answers.css", "votes.css")]

_works: Background[Vote] = Background(
    "class-vote", 3, least_share=0.05, when_broken=lambda: logger.exception("a vote broke off"), told=(Refused,)
)
_number, _latest = count(), list[Work[Vote]]()


def begin(teacher: Teacher, data: str) -> None:
    """Have the class vote, in the background, unless it does already."""
    if not _latest or _latest[0].state != "running":
        _latest[:] = [_works.begin(next(_number), lambda: teacher.hold_vote(data))]


def cancel() -> None:
    """End a vote that is under way."""
    for work in _latest:
        work.cancel()


def start_in_link(start: Start, student: int) -> dict[str, str]:
    """What an address says so that all begin at one start, each with pictures of her own, or each at her own."""
    return {"seed": "0", "split": str(student)} if start == "one" else {"seed": str(student)}


def show(room: Room, token: str) -> None:
    """Have the class train for it, vote, and see who helps."""
    st.html(f"<style>{''.join(each.read_text(encoding='utf-8') for each in _STYLES)}</style>")
    st.markdown(f"**{say('class_together.vote')}**")
    st.markdown(say("class_together.vote_says"))
    parts = to_link(session.setup())
    starts = [button(say(f"class_together.send_{start}"), "send_starts", start=start, parts=parts)
              for start in ("own", "one")]  # fmt: skip
    class_wishes(key="class-starts", token=token, buttons=starts, label=say("class_together.vote"))
    _vote(room, token)


def _vote(room: Room, token: str) -> None:
    work = _latest[0] if _latest else None
    if work is not None and work.state == "running":
        left = work.seconds_left
        said = say("class_together.counting")
        st.progress(
            min(max(work.share, 0.0), 1.0), said if left is None else say("labs.left", said=said, left=duration(left))
        )
        cancels = [button(say("labs.cancel"), "cancel_vote")]
        class_wishes(key="class-vote-cancel", token=token, buttons=cancels, label=said)
        return
    _ways_to_vote(room, token)
    if work is not None and work.state in ("failed", "cancelled"):
        known = work.why in ("too_few_nets", "no_pictures")
        code = work.why if known else "broke_off" if work.state == "failed" else "cancelled"
        st.caption(say(f"class_together.{code}"))
    if room.vote is not None:
        _result(room, room.vote, token)


def _ways_to_vote(room: Room, token: str) -> None:
    ready = {data: len(nets) for data, nets in voters_by_data(room, get_registry()).items() if len(nets) >= FEWEST}
    if not ready:
        st.caption(say("class_together.too_few_nets"))
        return
    acts = [
        button(say("class_together.hold", count=nets, data=title_of(session.dataset_info(data))), "hold_vote",
               look="plain" if place else "primary", data=data)
        for place, (data, nets) in enumerate(ready.items())
    ]  # fmt: skip
    class_wishes(key="class-vote", token=token, buttons=acts, label=say("class_together.vote"))


def _result(room: Room, vote: Vote, token: str) -> None:
    st.html(_bars(vote, large=False))
    names = _names(room, vote.counted)
    rows = "".join(
        f"<li><span><bdi>{html.escape(names[each.student])}</bdi></span><u>{percent(each.accuracy)}</u>"
        f"<u>{_points(each.helps)}</u></li>"
        for each in vote.counted.voters[:_MOST_LISTED]
    )
    heads = (say("class_together.who"), say("class_together.alone"), say("class_together.helps"))
    head = "".join(f"<b>{each}</b>" for each in heads)
    st.html(f'<ol class="gh-helpers" data-testid="vote-helpers"><li>{head}</li>{rows}</ol>')
    if len(vote.counted.voters) > _MOST_LISTED:
        st.caption(say("class_together.more_voters", count=len(vote.counted.voters) - _MOST_LISTED))
    acts = [
        button(say("class_together.project"), "project", pressed=room.showing.screen == "votes", screen="votes"),
        button(say("class_together.name_helper"), "name_voters", pressed=room.voters_named, on=not room.voters_named),
    ]
    class_wishes(key="class-vote-show", token=token, buttons=acts, label=say("class_together.vote"))


def projected(room: Room) -> str:
    """The vote for the whole room; who helps is named only if the teacher says so."""
    if room.vote is None:
        return f'<div class="gh-sentence"><p>{say("class_together.not_voted")}</p></div>'
    helper = ""
    if room.voters_named:
        most = room.vote.counted.voters[0]
        name = f"<bdi>{html.escape(_names(room, room.vote.counted)[most.student])}</bdi>"
        helper = f"<p>{say('class_together.helper', points=_points(most.helps), name=name)}</p>"
    return _bars(room.vote, large=True, below=helper)


def _names(room: Room, counted: Count) -> Mapping[str, str]:
    known = {student.key: student.name for student in room.students}
    return {each.student: known.get(each.student, "–") for each in counted.voters}


def _bars(vote: Vote, *, large: bool, below: str = "") -> str:
    counted = vote.counted
    rows = [
        (say("class_together.by_mean"), counted.mean, "right"),
        (say("class_together.by_majority"), counted.majority, ""),
        (say("class_together.best"), counted.best.accuracy, ""),
        (say("class_together.average"), counted.average, ""),
    ]
    data = title_of(session.dataset_info(vote.data))
    ours = _on_ours(vote.ours, counted) if vote.ours is not None else ""
    asked = say("class_together.on", count=len(counted.voters), pictures=counted.pictures, data=html.escape(data))
    said = [say(_verdict(counted), saved=len(counted.saved))]
    said += [say("class_together.twins", count=counted.different)] if counted.different < len(counted.voters) else []
    averages = "".join(_average(each) for each in vote.averages)
    about = say("class_together.average_of_class")
    if not all(each.of_class for each in vote.averages):
        about = say("class_together.average_shown", count=SHOWN_NETS)
    return (
        f'<div class="gh-answers gh-votes{" large" if large else ""}" data-testid="class-vote">'
        f'<p>{asked}</p><ul>{"".join(_row(*row) for row in rows)}</ul><p class="said">{" ".join(said)}</p>{ours}{below}'
        f'<p class="about">{say("class_together.weights")} {about}</p><ul>{averages}</ul></div>'
    )


def _on_ours(ours: Count, textbook: Count) -> str:
    """The same nets on the class's own pictures: the vote, and the net that was best on the others."""
    best = next(each for each in ours.voters if each.run == textbook.best.run)
    rows = [(say("class_together.by_mean"), ours.mean, "right"), (say("class_together.best"), best.accuracy, "")]
    said = say("class_together.on_ours", count=ours.pictures)
    return f'<p class="about" data-testid="vote-ours">{said}</p><ul>{"".join(_row(*row) for row in rows)}</ul>'


def _verdict(counted: Count) -> str:
    if counted.chance >= ALPHA:
        return "class_together.too_close"
    return "class_together.beats" if counted.mean > counted.best.accuracy else "class_together.loses"


def _row(said: str, share: float, kind: str) -> str:
    return (
        f'<li class="{kind}"><span>{said}</span><i><b style="width:{100 * share:.1f}%"></b></i>'
        f"<u>{percent(share)}</u></li>"
    )


def _average(found: Averaged) -> str:
    each, kind = _range(found.singles), "fails" if found.average < min(found.singles) - _FELL else ""
    return _row(f"{say(f'class_together.start_{found.start}')} <small>{each}</small>", found.average, kind)


def _range(shares: Iterable[float]) -> str:
    those = sorted(shares)
    return say("class_together.each", low=percent(those[0]), high=percent(those[-1]))


def _points(share: float) -> str:
    return say("class_together.points", points=f"{number(100 * share, '+.1f')}")
