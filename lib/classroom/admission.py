"""Who may start a run in a class: those in the room, while it is not stopped."""

from lib.classroom.room import Room
from lib.config import RunConfig
from lib.runs import Registry, TooMuch

OUTSIDE = "This Glasshouse is open for a class. Join it on the page Classroom, with the code that the projector shows."
STOPPED = "Everybody stops and looks just now. Start it when your teacher lets all go on."


def guard(registry: Registry, room: Room) -> None:
    """Have the registry ask before every start."""

    def may_start(_config: RunConfig, owner: str) -> None:
        if not room.is_in(owner):
            raise TooMuch(OUTSIDE)
        if room.stopped is not None and not room.is_teachers(owner):
            raise TooMuch(STOPPED)

    registry.before_starting(may_start)
