"""Opening a class when the server starts, if it was started for one."""

import os

from starlette.routing import Route
from streamlit import config

from lib.classroom import guard, open_room
from lib.classroom.invitation import invite
from lib.classroom.rehearsing import forget_rehearsed
from lib.runs import get_registry
from lib.ui.classroom import coming, hearing, taking_home, wishes

WANTED = "GLASSHOUSE_CLASSROOM"  # in the environment, by `make classroom`

routes = [
    Route("/teach", coming.teacher_link),
    Route("/api/classroom/teach", coming.claim, methods=["POST"]),
    Route("/api/classroom/somebody_else", coming.somebody_else, methods=["POST"]),
    Route("/api/classroom/teacher", wishes.teacher_wish, methods=["POST"]),
    Route("/api/classroom/student", wishes.student_wish, methods=["POST"]),
    Route(taking_home.ADDRESS, taking_home.take_home),
    Route("/api/classroom/wall", hearing.wall),
    Route("/api/classroom/voice", hearing.voice),
]


def open_if_wanted() -> None:
    """Open the class of this home, guard its runs, and write the invitation once the server answers."""
    if not os.environ.get(WANTED):
        return
    room = open_room()
    guard(get_registry(), room)
    forget_rehearsed(room, get_registry())  # who came to one that this machine did not survive
    scheme = "https" if config.get_option("server.sslCertFile") else "http"
    invite(room, int(config.get_option("server.port")), scheme)
