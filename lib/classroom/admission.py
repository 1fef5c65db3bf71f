"""Who may start or delete a run in a class: those in the room, while it is not stopped, as far as it is allowed."""

from lib.classroom.allowing import NOT_NOW, SIZES, check_size
from lib.classroom.room import Room
from lib.config import RunConfig
from lib.datasets.owned import NotNow, ask_first
from lib.runs import Registry, Run, TooMuch

OUTSIDE = "This Glasshouse is open for a class. Join it on the page Classroom, with the code that the projector shows."
STOPPED = "Everybody stops and looks just now. Start it when your teacher lets all go on."


def guard(registry: Registry, room: Room) -> None:
    """Have the registry and the own sets ask before every start, change and deletion, and hear what came of a start."""

    def may_start(config: RunConfig, owner: str) -> None:
        if not room.is_in(owner):
            raise TooMuch(OUTSIDE)
        if room.stopped is not None and not room.is_teachers(owner):
            raise TooMuch(STOPPED)
        if (limits := SIZES[room.size]) is not None and not room.is_teachers(owner):
            check_size(config, limits)

        if named := room.not_now(owner, config):
            raise TooMuch(f"{NOT_NOW} ({', '.join(named)})")

    def may(act: str, by: str) -> None:
        if not room.may(by, act):
            raise NotNow(NOT_NOW)

    def may_steer(run: Run, rate: float, by: str) -> None:
        train = run.config.train.model_copy(update={"learning_rate": rate})
        if "learning_rate" in room.not_now(by, run.config.model_copy(update={"train": train})):
            raise NotNow(NOT_NOW)

    ask_first(may)
    registry.doors.before_starting(may_start)
    registry.doors.before_deleting(lambda by: may("deleting", by))
    registry.doors.before_steering(may_steer)
    registry.doors.after_starting(room.started)
