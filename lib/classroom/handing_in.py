"""Handing a run in for the leaderboard: is it within the budget, and how does it do on the hidden pictures?"""

from collections.abc import Generator

from lib.classroom.electorate import MOST_PICTURES, has_learned, shares, sound_net
from lib.classroom.leaderboard import Budget, Entry
from lib.classroom.record import Refused, Student
from lib.classroom.room import Room
from lib.classroom.taking_home import runs_of
from lib.datasets import DatasetUnavailable, load_apart, spread
from lib.datasets.catalogue import info
from lib.models import summarize
from lib.runs import Registry, Run
from lib.training.evaluation import evaluate_in_parts

_MOST_OFFERED = 6


def offered(room: Room, student: Student, registry: Registry) -> list[Run]:
    """Her newest runs that have ended, on the data set of the leaderboard, and are not handed in yet."""
    budget, there = room.leaderboard.budget, {entry.run for entry in room.leaderboard.of(student)}
    found = (run for run in runs_of(student, registry) if run.id not in there and has_learned(run))
    return [run for run in found if budget and run.config.data.name == budget.data][:_MOST_OFFERED]


def costs(run: Run) -> tuple[int, float]:
    """Parameters of a run's net, and the seconds that it was trained for."""
    about = info(run.config.data.name)
    parameters = summarize(run.config.model, about.input_shape, len(about.classes)).parameters
    return parameters, float(run.status()["seconds"])


def check(room: Room, registry: Registry, owner: str, run_id: str) -> tuple[Student, Run, Budget]:
    """Whose run it is, and the budget that it keeps within; Refused says in which way it may not be handed in."""
    student, run = room.somebody_in(owner), registry.find(run_id)
    if run is None or run.owner != owner or not has_learned(run):
        raise Refused("no_net")
    return student, run, room.leaderboard.check(student, run.id, run.config.data.name, *costs(run))


def hand_in(room: Room, registry: Registry, owner: str, run_id: str) -> Generator[float, None, Entry]:
    """Measure a student's run on the hidden pictures; yields the share that is done. Refused."""
    student, run, budget = check(room, registry, owner, run_id)
    parameters, seconds = costs(run)
    net = sound_net(run)
    try:
        hidden = load_apart(run.config.data.name, scale_pixels=run.config.data.scale_pixels)
    except (DatasetUnavailable, ValueError):
        raise Refused("no_pictures") from None
    if net is None or hidden is None:
        raise Refused("no_net" if net is None else "nothing_hidden")
    found = yield from shares(evaluate_in_parts(net, hidden, limit=MOST_PICTURES), 0.0, 1.0)
    right = found.probabilities.argmax(1) == hidden.labels[spread(len(hidden), MOST_PICTURES)]
    entry = Entry(student=student.key, run=run.id, name=run.name[:200], parameters=parameters, seconds=seconds,
                  answers="".join("01"[each] for each in right.tolist()))  # fmt: skip
    room.leaderboard.add(room.somebody_in(owner), entry, budget)
    return entry
